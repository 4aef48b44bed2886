using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Runtime.Tests.Replicas;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Transactions;

/// <summary>Offsets that transactions commit, between the group's coordinator and the transaction's.</summary>
public sealed class TransactionalOffsetTests
{
    private const string Group = "readers";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Offsets_CountOnceTheirTransactionIsCommitted(bool commit)
    {
        await using var cluster = await StartAsync();
        var node = cluster[1];
        var producer = await BeginAsync(node);

        (await CommitAsync(node, producer, 5, TransactionSupport.AddsPartitions)).ShouldBe(ErrorCode.None);
        (await CommitAsync(node, producer, 6, TransactionSupport.Default)).ShouldBe(ErrorCode.None, "it is under way there");
        (await FetchAsync(node)).ErrorCode.ShouldBe(ErrorCode.UnstableOffsetCommit);

        (await node.Replicas.Transactions.EndAsync("id", producer, commit)).ErrorCode.ShouldBe(ErrorCode.None);
        await RuntimeUnderTest.UntilAsync(async () => (await FetchAsync(node)).ErrorCode == ErrorCode.None);
        (await FetchAsync(node)).CommittedOffset.ShouldBe(commit ? 6 : -1);
    }

    [Theory]
    [InlineData(TransactionSupport.Default, ErrorCode.InvalidTxnState)]
    [InlineData(TransactionSupport.AbortableErrors, ErrorCode.TransactionAbortable)]
    public async Task Offsets_OfAGroupThatWasNotAdded_AreRefused(TransactionSupport support, ErrorCode expected)
    {
        await using var cluster = await StartAsync();
        var producer = await BeginAsync(cluster[1]);

        (await CommitAsync(cluster[1], producer, 5, support)).ShouldBe(expected);

        (await FetchAsync(cluster[1])).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Offsets_WhoseTransactionIsAbortedBetweenItsConfirmationAndTheAppend_AreRefused_AndNothingHangs()
    {
        await using var cluster = await StartAsync();
        var node = cluster[1];
        var transactions = node.Replicas.Transactions;
        var producer = await BeginAsync(node);
        var partition = PartitionOfGroup(node);
        (await transactions.AddAsync("id", producer, (partition.Topic, partition.Id.Partition))).ShouldBe(ErrorCode.None);
        var held = new HeldAnswers(transactions);
        partition.Verifications = new TransactionVerifications(partition, held);

        var commit = CommitAsync(node, producer, 5, TransactionSupport.Default);
        (await held.Confirmed.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe([ErrorCode.None]);
        (await transactions.EndAsync("id", producer, commit: false)).ErrorCode.ShouldBe(ErrorCode.None);
        await transactions.UntilAsync("id", TransactionState.CompleteAbort);
        held.Go.SetResult();

        (await commit).ShouldBe(ErrorCode.InvalidTxnState);
        (await FetchAsync(node)).ErrorCode.ShouldBe(ErrorCode.None);
        (await partition.CallAsync(replica => replica.LastStableOffset == replica.LogEndOffset, _ => false)).ShouldBeTrue();
    }

    [Fact]
    public async Task PendingOffsets_SurviveTheGroupsCoordinator()
    {
        await using var cluster = await StartAsync(brokers: 3);
        var coordinator = (await cluster[1].Groups.FindCoordinatorAsync(Group, default)).NodeId;
        var transactional = (await cluster[1].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        var producer = await cluster[transactional].Replicas.Transactions.InitAsync("id");
        (await CommitAsync(cluster[coordinator], producer, 5, TransactionSupport.AddsPartitions)).ShouldBe(ErrorCode.None);

        await cluster.KillAsync(coordinator);

        var witness = coordinator == 1 ? 2 : 1;
        var successor = cluster[(await cluster[witness].Groups.FindCoordinatorAsync(Group, default)).NodeId];
        await RuntimeUnderTest.UntilAsync(async () => (await FetchAsync(successor)).ErrorCode == ErrorCode.UnstableOffsetCommit);
        transactional = (await cluster[witness].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        await cluster[transactional].Replicas.Transactions.UntilAsync("id", TransactionState.Ongoing);
        (await cluster[transactional].Replicas.Transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.None);
        await RuntimeUnderTest.UntilAsync(async () => (await FetchAsync(successor)).CommittedOffset == 5);
    }

    [Theory]
    [InlineData(TransactionSupport.AddsPartitions, true)]
    [InlineData(TransactionSupport.Default, false)]
    public async Task WithoutVerification_PartitionsThatTheLeaderHasToAdd_AreAddedAllTheSame(TransactionSupport support, bool isAdded)
    {
        await using var cluster = await StartAsync(verifies: false);
        var node = cluster[1];
        var producer = await BeginAsync(node);
        await cluster.CreateTopicAsync("orders", [[1]]);
        cluster.Image.TryGetTopic("orders", out var orders).ShouldBeTrue();
        var batch = new RecordBatchBuilder
        {
            ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, BaseSequence = 0, IsTransactional = true,
        };

        var produced = await node.Partitions.ProduceAsync(
            new TopicIdPartition(orders!.TopicId, 0),
            batch.Add(TestBatch.Now, null, new byte[] { 1 }).Build(),
            new ProduceOptions(RequiredAcks.All, TimeSpan.FromSeconds(5), TransactionalId: "id", Support: support));

        produced.Error.ShouldBe(ErrorCode.None);
        var described = await node.Replicas.Transactions.SubmitAsync("id", new DescribeTransactionCommand("id"), default);
        described.Partitions.Contains(new TopicPartitionName("orders", 0)).ShouldBe(isAdded);
    }

    private static Task<ReplicaCluster> StartAsync(int brokers = 1, bool verifies = true) => ReplicaCluster.StartAsync(
        brokers,
        options => options with
        {
            Transactions = options.Transactions with
            {
                TopicPartitionCount = 2, TopicMinInSyncReplicas = 1, PartitionVerification = verifies,
            },
        },
        inMemory: true);

    private static async Task<InitProducerIdReply> BeginAsync(ReplicaNode node)
    {
        (await node.Groups.FindCoordinatorAsync(Group, default)).Error.ShouldBe(ErrorCode.None);
        (await node.Replicas.Transactions.FindCoordinatorAsync("id", default)).Error.ShouldBe(ErrorCode.None);
        return await node.Replicas.Transactions.InitAsync("id");
    }

    private static HostedPartition PartitionOfGroup(ReplicaNode node)
    {
        node.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out var topic).ShouldBeTrue();
        var id = new TopicIdPartition(topic!.TopicId, GroupPartitioner.PartitionFor(Group, topic.Partitions.Length));
        node.Replicas.Hosted.TryGet(id, out var partition).ShouldBeTrue();
        return partition!;
    }

    private static async Task<ErrorCode> CommitAsync(
        ReplicaNode node, InitProducerIdReply producer, long offset, TransactionSupport support)
    {
        var command = GroupCommands.Commit(Group, offset) with
        {
            Transaction = new TransactionalProducer(producer.ProducerId, producer.ProducerEpoch, "id", support),
        };
        var error = ErrorCode.None;
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            var reply = await node.Groups.SubmitAsync(Group, command, default);
            error = reply.Topics[0].Partitions[0].ErrorCode;
            return error != ErrorCode.CoordinatorLoadInProgress;
        });
        return error;
    }

    private static async Task<FetchedOffset> FetchAsync(ReplicaNode node)
    {
        var reply = await node.Groups.SubmitAsync(
            Group,
            new OffsetFetchCommand { GroupId = Group, Topics = [new TopicPartitions("orders", [0])], RequireStable = true },
            default);
        return reply.ErrorCode == ErrorCode.None
            ? reply.Topics[0].Partitions[0]
            : new FetchedOffset(0, -1, -1, "", reply.ErrorCode);
    }

    /// <summary>Asks, and keeps what the coordinator said until it is let go.</summary>
    private sealed class HeldAnswers(ITransactionAccess real) : ITransactionAccess
    {
        public TaskCompletionSource<IReadOnlyList<ErrorCode>> Confirmed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<CoordinatorResult> FindCoordinatorAsync(string transactionalId, CancellationToken cancellationToken) =>
            real.FindCoordinatorAsync(transactionalId, cancellationToken);

        public ValueTask<TReply> SubmitAsync<TReply>(
            string transactionalId, TransactionCommand<TReply> command, CancellationToken cancellationToken)
            where TReply : TransactionReply => real.SubmitAsync(transactionalId, command, cancellationToken);

        public ValueTask<AddPartitionsReply> AddPartitionsAsync(AddPartitionsCommand command, CancellationToken cancellationToken) =>
            real.AddPartitionsAsync(command, cancellationToken);

        public ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
            TransactionCommand<TReply> command, CancellationToken cancellationToken)
            where TReply : TransactionReply => real.SubmitToAllAsync(command, cancellationToken);

        public async ValueTask<IReadOnlyList<ErrorCode>> RegisterPartitionsAsync(
            string transactionalId,
            long producerId,
            short producerEpoch,
            IReadOnlyList<TopicPartitionName> partitions,
            bool verifyOnly,
            CancellationToken cancellationToken)
        {
            var errors = await real.RegisterPartitionsAsync(
                transactionalId, producerId, producerEpoch, partitions, verifyOnly, cancellationToken);
            Confirmed.SetResult(errors);
            await Go.Task;
            return errors;
        }
    }
}

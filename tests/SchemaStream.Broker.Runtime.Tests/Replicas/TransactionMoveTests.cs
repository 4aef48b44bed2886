using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Runtime.Tests.Transactions;
using SchemaStream.Broker.Runtime.Transactions;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

/// <summary>A transactional id's coordinator is wherever its partition is led; the partitions it writes to may be led elsewhere.</summary>
public sealed class TransactionMoveTests
{
    [Fact]
    public async Task Partitions_CanBeRegisteredFromEveryBroker()
    {
        await using var cluster = await StartAsync();
        var coordinator = (await cluster[1].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        var producer = await cluster[coordinator].Replicas.Transactions.InitAsync("id");
        await cluster.CreateTopicAsync("orders", [[1, 2, 3]]);

        foreach (var node in new[] { 1, 2, 3 })
        {
            (await RegisterAsync(cluster[node], producer.ProducerId, verifyOnly: false)).ShouldBe([ErrorCode.None]);
            (await RegisterAsync(cluster[node], producer.ProducerId, verifyOnly: true)).ShouldBe([ErrorCode.None]);
            (await RegisterAsync(cluster[node], producer.ProducerId + 1, verifyOnly: true)).ShouldBe([ErrorCode.InvalidProducerIdMapping]);
        }
    }

    [Fact]
    public async Task Id_KeepsItsState_AfterItsCoordinatorsDeath()
    {
        await using var cluster = await StartAsync();
        var coordinator = (await cluster[1].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        await cluster.CreateTopicAsync("orders", [[1, 2, 3]]);
        var producer = await cluster[coordinator].Replicas.Transactions.InitAsync("id");
        (await cluster[coordinator].Replicas.Transactions.AddAsync("id", producer, ("orders", 0))).ShouldBe(ErrorCode.None);

        await cluster.KillAsync(coordinator);

        var witness = coordinator == 1 ? 2 : 1;
        var successor = (await cluster[witness].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        successor.ShouldNotBe(coordinator);
        await cluster[successor].Replicas.Transactions.UntilAsync("id", TransactionState.Ongoing);
        (await cluster[successor].Replicas.Transactions.AddAsync("id", producer, ("orders", 0))).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Markers_ReachPartitionsThatOthersLead()
    {
        await using var cluster = await StartAsync();
        var coordinator = (await cluster[1].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        await cluster.CreateTopicAsync("orders", [[1, 2, 3], [2, 3, 1], [3, 1, 2]]);
        var transactions = cluster[coordinator].Replicas.Transactions;
        var producer = await transactions.InitAsync("id");
        (await transactions.AddAsync("id", producer, ("orders", 0), ("orders", 1), ("orders", 2))).ShouldBe(ErrorCode.None);

        (await transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.None);

        await transactions.UntilAsync("id", TransactionState.CompleteCommit);
    }

    [Fact]
    public async Task DecidedTransaction_IsCompletedByTheSuccessor_OfACoordinatorThatDied()
    {
        await using var cluster = await StartAsync();
        var coordinator = (await cluster[1].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        var others = new[] { 1, 2, 3 }.Where(node => node != coordinator).ToArray();

        // Nobody leads it while its only replica is away, so that the decision stands without its marker.
        await cluster.CreateTopicAsync("orders", [[others[0]]]);
        await cluster.FenceAsync(others[0]);
        var transactions = cluster[coordinator].Replicas.Transactions;
        var producer = await transactions.InitAsync("id");
        (await transactions.AddAsync("id", producer, ("orders", 0))).ShouldBe(ErrorCode.None);
        (await transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.None);
        (await transactions.StateAsync("id")).ShouldBe(TransactionState.PrepareCommit);

        await cluster.KillAsync(coordinator);
        await cluster.UnfenceAsync(others[0]);

        var successor = (await cluster[others[1]].Replicas.Transactions.FindCoordinatorAsync("id", default)).NodeId;
        await cluster[successor].Replicas.Transactions.UntilAsync("id", TransactionState.CompleteCommit);
    }

    [Fact]
    public async Task BrokerThatStops_AsksNoOneAnyMore_AndSaysSo()
    {
        await using var cluster = await StartAsync();
        var remote = new RemoteBrokers(cluster[1], "PLAINTEXT", TimeSpan.FromSeconds(30), TimeProvider.System);
        await remote.DisposeAsync();

        (await remote.Find(2).RegisterAsync(new RegistrationRequest("id", 1, 0, [new("orders", 0)], VerifyOnly: true)))
            .ShouldBe([ErrorCode.NetworkException]);
    }

    private static Task<ReplicaCluster> StartAsync() => ReplicaCluster.StartAsync(3, options => options with
    {
        Transactions = options.Transactions with { TopicPartitionCount = 2, TopicMinInSyncReplicas = 1 },
    });

    private static async Task<IReadOnlyList<ErrorCode>> RegisterAsync(ReplicaNode node, long producerId, bool verifyOnly) =>
        await node.Replicas.Transactions.RegisterPartitionsAsync("id", producerId, 0, [new("orders", 0)], verifyOnly, default);
}

using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Runtime.Access;

namespace SchemaStream.Broker.Server.Tests.Handlers;

/// <summary>Partitions that answer what a test says, and remember what they were asked.</summary>
internal sealed class ScriptedPartitions : IPartitionAccess
{
    /// <summary>What the last fetch asked, as it was then: the query itself is used again.</summary>
    public AskedFetch? Asked { get; private set; }

    public FetchPartitionResult Answer { get; set; }

    /// <summary>What partitions answer that do not give <see cref="Answer"/>, by their number.</summary>
    public Dictionary<int, FetchPartitionResult> Answers { get; } = [];

    /// <summary>What is found of any time asked for.</summary>
    public ListOffsetsResult Offset { get; set; }

    public ValueTask<FetchReadResult> FetchAsync(FetchQuery query, CancellationToken cancellationToken)
    {
        Asked = new AskedFetch([.. query.Partitions], query.ReplicaId, query.ReplicaEpoch, query.ClientRack, cancellationToken);
        return new(new Result([.. query.Partitions.Select(partition =>
            Answers.GetValueOrDefault(partition.Partition.Partition, Answer) with { Partition = partition.Partition })]));
    }

    public ValueTask<ProduceResult> ProduceAsync(TopicIdPartition partition, ReadOnlyMemory<byte> batches, ProduceOptions options) =>
        throw new NotSupportedException();

    public ValueTask<ListOffsetsResult> ListOffsetsAsync(
        TopicIdPartition partition, long timestampMs, IsolationLevel isolation, int currentLeaderEpoch = -1, int replicaId = -1) =>
        ValueTask.FromResult(Offset);

    public ValueTask<OffsetForLeaderEpochResult> OffsetForLeaderEpochAsync(
        TopicIdPartition partition, int leaderEpoch, int currentLeaderEpoch = -1) => throw new NotSupportedException();

    public ValueTask<DescribeProducersResult> DescribeProducersAsync(TopicIdPartition partition) => throw new NotSupportedException();

    public ValueTask<DeleteRecordsResult> DeleteRecordsAsync(TopicIdPartition partition, long offset) => throw new NotSupportedException();

    internal sealed record AskedFetch(
        IReadOnlyList<FetchPartition> Partitions, int ReplicaId, long ReplicaEpoch, string? ClientRack, CancellationToken Until);

    private sealed class Result(List<FetchPartitionResult> partitions) : FetchReadResult
    {
        public override IReadOnlyList<FetchPartitionResult> Partitions => partitions;

        protected override void Dispose(bool disposing)
        {
            // It holds nothing.
        }
    }
}

/// <summary>A cluster of one topic with one partition, and of those that a test adds.</summary>
internal sealed class OneTopic : IMetadataAccess
{
    public const string Name = "orders";

    public OneTopic()
    {
        var replay = new MetadataReplay(MetadataImage.Empty, TopicConfigDefaults.Kafka);
        replay.Replay(new ClusterRecord { ClusterId = "test" });
        replay.Replay(new TopicRecord { Name = Name, TopicId = Id });
        replay.Replay(new PartitionRecord { TopicId = Id, Replicas = [1, 2], Isr = [1, 2], Leader = 1 });
        Image = replay.Build(offset: 2);
    }

    public Guid Id { get; } = Guid.NewGuid();

    public int NodeId => 1;

    public MetadataImage Image { get; private set; }

    public void Add(string name, Guid id)
    {
        var replay = new MetadataReplay(Image, TopicConfigDefaults.Kafka);
        replay.Replay(new TopicRecord { Name = name, TopicId = id });
        Image = replay.Build(Image.Offset + 1);
    }

    public void Remove(Guid id)
    {
        var replay = new MetadataReplay(Image, TopicConfigDefaults.Kafka);
        replay.Replay(new RemoveTopicRecord { TopicId = id });
        Image = replay.Build(Image.Offset + 1);
    }

    public ValueTask<TReply> SubmitAsync<TReply>(ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class => throw new NotSupportedException();
}

using System.Text;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>A replica on node 1 over a log in memory, and the words its tests are told in.</summary>
internal sealed class PartitionWorld
{
    public PartitionWorld(params int[] replicas)
    {
        Replicas = replicas;
        Log = PartitionLog.Open(
            new MemoryDisk().Directory("orders-0"), LogConfig.Default, new LogFileCache(16), new LogOpenOptions(), nowMs: 0);
        Partition = new Partition("orders-0", localId: 1, Log);
    }

    public IReadOnlyList<int> Replicas { get; }

    public PartitionLog Log { get; }

    public Partition Partition { get; }

    public int PartitionEpoch { get; private set; }

    public long NowMs { get; set; } = 1_000;

    public static PartitionWorld Leading(params int[] replicas)
    {
        var world = new PartitionWorld(replicas);
        world.Tell(leader: 1, leaderEpoch: 1, isr: replicas);
        return world;
    }

    public void Tell(int leader, int leaderEpoch, params int[] isr) =>
        Partition.Apply(new LeaderAndIsr(leader, leaderEpoch, ++PartitionEpoch, Replicas, isr), NowMs);

    public AppendOutcome Append(int records = 1, int currentLeaderEpoch = -1, bool requireInSync = false)
    {
        var builder = new RecordBatchBuilder();
        for (var i = 0; i < records; i++)
        {
            builder.Add(NowMs, null, Encoding.UTF8.GetBytes("value"));
        }

        return Partition.Append(builder.Build(), AppendOrigin.Client, currentLeaderEpoch, requireInSync, NowMs);
    }

    public PartitionRead FollowerFetches(int replica, long offset, int lastFetchedEpoch = -1, long brokerEpoch = -1, int currentLeaderEpoch = -1)
    {
        var read = Partition.ReadForFollower(
            new FollowerFetch(replica, brokerEpoch, offset, lastFetchedEpoch, 0, currentLeaderEpoch), 100_000, minOneBatch: true, NowMs);
        read.Slice?.Dispose();
        return read;
    }

    /// <summary>Looks at the ISR as if every broker were well.</summary>
    public IsrProposal? ProposeIsr() => Partition.ProposeIsr(NowMs, new Brokers());

    public Ack Await(long nextOffset, long deadlineMs = long.MaxValue)
    {
        var ack = new Ack();
        Partition.AwaitCommit(nextOffset, deadlineMs, ack);
        return ack;
    }

    public ErrorCode Read(long offset, int currentLeaderEpoch = -1, ReadBound bound = ReadBound.HighWatermark) =>
        Partition.Read(offset, 1000, minOneBatch: true, currentLeaderEpoch, bound).Error;
}

internal sealed class Ack : IAcknowledgement
{
    public ErrorCode? Error { get; private set; }

    public void Complete(ErrorCode error)
    {
        Error.ShouldBeNull("an acknowledgement is told once");
        Error = error;
    }
}

internal sealed class Waiter : IFetchWaiter
{
    public long Bytes { get; private set; }

    public int Interruptions { get; private set; }

    public void OnReadable(long bytes) => Bytes += bytes;

    public void OnInterrupted() => Interruptions++;
}

/// <summary>What the metadata says of brokers: all are well, but for those named.</summary>
internal sealed class Brokers(params int[] unwell) : IIsrEligibility
{
    public bool MayJoinIsr(int brokerId, long brokerEpoch) => !unwell.Contains(brokerId);
}

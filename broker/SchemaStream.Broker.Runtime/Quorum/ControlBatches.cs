using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>What a control batch of the quorum says. Numbers on disk, and Kafka's: they never change.</summary>
internal enum ControlType : short
{
    LeaderChange = 2,
    SnapshotHeader = 3,
    SnapshotFooter = 4,
    Voters = 6,
}

/// <summary>Batches that the quorum writes for itself: one control record each.</summary>
internal static class ControlBatches
{
    private const short Version = 0;
    private const int KeyBytes = 4;

    public static byte[] LeaderChange(long baseOffset, int leaderEpoch, NodeId leader, long nowMs) => Build(
        baseOffset, leaderEpoch, nowMs, ControlType.LeaderChange, new QuorumLeaderChange { LeaderId = leader.Value });

    public static byte[] Voters(long baseOffset, int leaderEpoch, VoterSet voters, long nowMs) => Build(
        baseOffset,
        leaderEpoch,
        nowMs,
        ControlType.Voters,
        new QuorumVoters
        {
            Voters = [.. voters.Nodes.Select(node => new QuorumVoters.Voter
            {
                VoterId = node.Value,
                Host = voters.EndpointOf(node)?.Host,
                Port = (ushort)(voters.EndpointOf(node)?.Port ?? 0),
            })],
        });

    public static byte[] Header(EpochEnd snapshot, long nowMs) => Build(
        0,
        snapshot.LeaderEpoch,
        nowMs,
        ControlType.SnapshotHeader,
        new QuorumSnapshotHeader { EndOffset = snapshot.EndOffset, LeaderEpoch = snapshot.LeaderEpoch });

    public static byte[] Footer(long baseOffset, int leaderEpoch, long recordCount, long nowMs) => Build(
        baseOffset, leaderEpoch, nowMs, ControlType.SnapshotFooter, new QuorumSnapshotFooter { RecordCount = recordCount });

    /// <summary>The type of a control batch; null when it is none of ours.</summary>
    public static ControlType? TypeOf(RecordBatch batch)
    {
        var record = First(batch);
        return record.HasKey && record.Key.Length == KeyBytes
            ? (ControlType)BinaryPrimitives.ReadInt16BigEndian(record.Key[sizeof(short)..])
            : null;
    }

    /// <exception cref="ProtocolException">The batch says something else.</exception>
    public static VoterSet ReadVoters(RecordBatch batch)
    {
        var message = Read<QuorumVoters>(batch);
        var voters = message.Voters.DistinctBy(voter => voter.VoterId).ToImmutableSortedDictionary(
            voter => new NodeId(voter.VoterId),
            voter => voter.Host is { Length: > 0 } host ? new HostAndPort(host, voter.Port) : (HostAndPort?)null);
        return voters.Count == message.Voters.Count && voters.Count > 0 && voters.Keys.All(node => node.Value >= 0)
            ? new VoterSet(voters)
            : throw new ProtocolException("Voters: expected at least one, each once and with an id of 0 or more");
    }

    /// <exception cref="ProtocolException">The batch says something else.</exception>
    public static TMessage Read<TMessage>(RecordBatch batch)
        where TMessage : IMessage, new()
    {
        var record = First(batch);
        var reader = new KafkaReader(record.HasValue ? record.Value.ToArray() : default(ReadOnlyMemory<byte>));
        var version = reader.ReadInt16("version of a control record");
        if (version != Version)
        {
            throw new ProtocolException($"version of a control record: expected {Version}, found {version}");
        }

        var message = new TMessage();
        message.Read(ref reader, version);
        reader.ExpectEnd("control record");
        return message;
    }

    private static RecordView First(RecordBatch batch)
    {
        foreach (var record in RecordBatchReader.OfUncompressed(batch.Memory.Span))
        {
            return record;
        }

        throw new CorruptRecordException("A control batch has no record.");
    }

    private static byte[] Build(long baseOffset, int leaderEpoch, long nowMs, ControlType type, IMessage message)
    {
        var key = new byte[KeyBytes];
        BinaryPrimitives.WriteInt16BigEndian(key, Version);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(sizeof(short)), (short)type);
        var value = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(value);
        writer.WriteInt16(Version);
        message.Write(ref writer, Version);
        writer.Flush();
        return new RecordBatchBuilder { BaseOffset = baseOffset, PartitionLeaderEpoch = leaderEpoch, IsControlBatch = true }
            .Add(nowMs, key, value.WrittenMemory)
            .Build();
    }
}

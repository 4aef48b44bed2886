using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Protocol;
using SchemaStream.Simulation.Quorum;

namespace SchemaStream.Simulation.Cluster;

/// <summary>
/// The quorum of one process, and the controller on top of it while it leads: decisions are replayed at once and answered
/// when they are committed; who loses the leadership drops what is not.
/// </summary>
internal sealed class QuorumLane : IQuorumOutbox
{
    private const int SnapshotEvery = 400;

    private readonly NodeProcess _process;
    private ClusterController _committed;
    private readonly ClusterController _active;
    private readonly List<(long EndOffset, Action Commit, Action Fail)> _parked = [];
    private long _replayedEnd;
    private int _leaderEpoch = -1;
    private long _epochReadyAt;
    private bool _isActive;

    public QuorumLane(NodeProcess process)
    {
        _process = process;
        _committed = new ClusterController(ClusterWorld.ControllerOptions, process.Random);
        _active = new ClusterController(ClusterWorld.ControllerOptions, process.Random);
        var disk = process.Node.QuorumDisk;
        Machine = new QuorumRaft(
            process.Node.NodeId, SimulatedQuorum.Options, disk.State, disk.SnapshotVoters, disk.Snapshot, disk.Log, process.Random, process.NowMs);
        LoadSnapshot();
    }

    public QuorumRaft Machine { get; }

    /// <summary>The cluster as of what this node knows to be committed.</summary>
    public MetadataImage Committed => _committed.Image;

    public bool IsActive => _isActive && Machine.IsLeader && Machine.LeaderEpoch == _leaderEpoch;

    private QuorumDisk Disk => _process.Node.QuorumDisk;

    public void Start()
    {
        _process.World.QuorumInvariants.Started(Machine);
        CarryOut();
    }

    public void Step(RaftMessage message)
    {
        Machine.Step(message, _process.NowMs);
        CarryOut();
    }

    public void Tick()
    {
        Machine.Tick(_process.NowMs);
        CarryOut();
        while (IsActive && _active.Tick(_process.NowMs) is { Count: > 0 } records)
        {
            Propose(records);
            CarryOut();
        }

        if (Disk.Log.Count > SnapshotEvery && _process.World.Schedule.Chance(0.05))
        {
            TakeSnapshot();
        }
    }

    public void TransferLeadership(NodeId successor)
    {
        Machine.TransferLeadership(successor, _process.NowMs);
        CarryOut();
    }

    /// <summary>Decides, if this is the active controller; the reply goes out when what was decided is committed.</summary>
    public void Submit<TReply>(ControllerCommand<TReply> command, Action<TReply> reply)
        where TReply : class
    {
        if (!IsActive)
        {
            reply(command.Refused(ErrorCode.NotController, "another node leads"));
            return;
        }

        var decision = _active.Decide(command, _process.NowMs);
        if (command is AlterPartitionCommand alter && decision.Reply is AlterPartitionReply altered && _process.World.Schedule.IsTraced)
        {
            _process.World.Trace(_process.Id, Describe(alter, altered));
        }

        if (decision.Records.Count > 0)
        {
            Propose(decision.Records);
        }

        // What it was decided on may not be committed itself.
        var endOffset = _active.Image.Offset + 1;
        if (endOffset <= Machine.HighWatermark)
        {
            reply(decision.Reply);
        }
        else
        {
            _parked.Add((endOffset, () => reply(decision.Reply), () => reply(command.Refused(ErrorCode.NotController, "no longer leads"))));
        }

        CarryOut();
    }

    public void Send(RaftMessage message)
    {
        _process.World.Endanger(_process.Node, "before something is sent to the quorum");
        _process.World.Network.Send(_process.Id, message.To.Value, () => _process.World.Deliver(message.To.Value, other => other.Quorum.Step(message)));
    }

    public void Download(NodeId leader, EpochEnd snapshot) => _process.Ask<(EpochEnd? End, VoterSet Voters, object? Content)>(
        leader.Value,
        (other, reply) => reply((other.Node.QuorumDisk.Snapshot, other.Node.QuorumDisk.SnapshotVoters, other.Node.QuorumDisk.SnapshotContent)),
        answer => Install(answer.End, answer.Voters, answer.Content));

    public void Complete(Ready ready)
    {
        FollowLeadership();
        ReplayCommitted();
        if (Machine.IsLeader && !_isActive && Machine.HighWatermark >= _epochReadyAt)
        {
            _isActive = true;
            _active.Activate(_committed.Image, _process.NowMs);
            _process.World.Trace(_process.Id, "is the active controller");
        }

        for (var i = 0; i < _parked.Count; i++)
        {
            if (_parked[i].EndOffset <= Machine.HighWatermark)
            {
                var commit = _parked[i].Commit;
                _parked.RemoveAt(i--);
                commit();
            }
        }
    }

    private static string Describe(AlterPartitionCommand command, AlterPartitionReply reply)
    {
        var asked = command.Partitions[0];
        var answer = reply.Partitions.Count > 0 ? reply.Partitions[0].ErrorCode : reply.ErrorCode;
        return $"is asked by {command.BrokerId}/{command.BrokerEpoch} for {asked.TopicId.ToString()[..4]}-{asked.Partition} in epoch "
            + $"{asked.LeaderEpoch}/{asked.PartitionEpoch}: isr [{string.Join(',', asked.NewIsr.Select(member => $"{member.BrokerId}/{member.BrokerEpoch}"))}]: {answer}";
    }

    private void FollowLeadership()
    {
        if (Machine.IsLeader && Machine.LeaderEpoch == _leaderEpoch)
        {
            return;
        }

        _isActive = false;
        foreach (var (_, _, fail) in _parked)
        {
            fail();
        }

        _parked.Clear();
        _leaderEpoch = Machine.IsLeader ? Machine.LeaderEpoch : -1;
        _epochReadyAt = Machine.LogEndOffset; // behind the epoch's first record, which is all that it has yet
    }

    private void ReplayCommitted()
    {
        if (Machine.LogStartOffset > _replayedEnd)
        {
            LoadSnapshot();
        }

        foreach (var batch in Disk.ReadFrom(_replayedEnd).TakeWhile(batch => batch.EndOffset <= Machine.HighWatermark))
        {
            _replayedEnd = batch.EndOffset;
            var records = Decode(batch.Payload);
            if (records.Count > 0)
            {
                _committed.Replay(records, batch.EndOffset - 1);
                _process.World.Metadata.Replayed(_process.Id, batch.EndOffset, records, _committed.Image);
            }
        }

        _process.Broker.MetadataChanged();
    }

    private void Propose(IReadOnlyList<IRecordMessage> records)
    {
        var endOffset = Machine.Propose(Encode(records), records.Count, _process.NowMs)
            ?? throw new InvalidOperationException("the active controller leads the quorum");
        _active.Replay(records, endOffset - 1);
    }

    private void CarryOut()
    {
        QuorumWork.CarryOut(Machine.TakeReady(), Disk, this);
        _process.World.QuorumInvariants.Check(Machine, Disk);
    }

    private void Install(EpochEnd? snapshot, VoterSet voters, object? content)
    {
        if (snapshot is not { } end)
        {
            Machine.SnapshotFailed(_process.NowMs);
        }
        else
        {
            if (end.EndOffset > Machine.HighWatermark)
            {
                Disk.PutSnapshot(end, voters, content, replaceLog: true);
            }

            Machine.InstallSnapshot(end, voters, _process.NowMs);
            _process.World.QuorumInvariants.Installed(Machine);
        }

        CarryOut();
    }

    private void TakeSnapshot()
    {
        var committed = Disk.Log.TakeWhile(batch => batch.EndOffset <= _replayedEnd).ToList();
        if (committed.Count == 0)
        {
            return;
        }

        var end = new EpochEnd(committed[^1].LeaderEpoch, committed[^1].EndOffset);
        var voters = committed.LastOrDefault(batch => batch.Voters is not null)?.Voters ?? Disk.SnapshotVoters;
        Disk.PutSnapshot(end, voters, MetadataSnapshot.RecordsOf(_committed.Image).Select(Encode).ToList(), replaceLog: false);
        Machine.SnapshotTaken(end, end.EndOffset);
    }

    private void LoadSnapshot()
    {
        if (Disk.Snapshot is not { } snapshot || Disk.SnapshotContent is not List<byte[]> content)
        {
            return;
        }

        _committed = new ClusterController(ClusterWorld.ControllerOptions, _process.Random);
        foreach (var records in content)
        {
            _committed.Replay(Decode(records), snapshot.EndOffset - 1);
        }

        _replayedEnd = snapshot.EndOffset;
        _process.World.Metadata.Replayed(_process.Id, snapshot.EndOffset, [], _committed.Image);
    }

    private static byte[] Encode(IReadOnlyList<IRecordMessage> records)
    {
        using var stream = new MemoryStream();
        foreach (var record in records)
        {
            var bytes = MetadataRecordFormat.Encode(record);
            stream.Write(BitConverter.GetBytes(bytes.Length));
            stream.Write(bytes.Span);
        }

        return stream.ToArray();
    }

    private static List<IRecordMessage> Decode(ReadOnlyMemory<byte> payload)
    {
        var records = new List<IRecordMessage>();
        while (!payload.IsEmpty)
        {
            var length = BitConverter.ToInt32(payload.Span);
            records.Add(MetadataRecordFormat.Decode(payload.Slice(sizeof(int), length)));
            payload = payload[(sizeof(int) + length)..];
        }

        return records;
    }
}

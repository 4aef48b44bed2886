using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Fetches;

internal sealed partial class FetchOperation
{
    private bool IsShort => Volatile.Read(ref _interrupted) == 0 && Volatile.Read(ref _missingBytes) > 0;

    private void FindPartitions(FetchQuery query, HostedPartitions directory)
    {
        var count = query.Partitions.Count;
        if (count == 0)
        {
            // Nothing can come.
            _interrupted = 1;
        }

        if (_slots.Length < count)
        {
            _slots = new FetchSlot[Math.Max(count, 8)];
        }

        var mayRead = query.ReplicaId < 0 || IsRegistered(directory.Image, query);
        for (var i = 0; i < count; i++)
        {
            _slots[i] = new FetchSlot { LeaderId = -1, LeaderEpoch = -1, PreferredReadReplica = -1 };
            if (!mayRead)
            {
                // Its metadata, or this broker's, is behind: it asks again.
                _slots[i].Read = PartitionRead.Failed(ErrorCode.UnknownLeaderEpoch);
                _interrupted = 1;
                continue;
            }

            var id = query.Partitions[i].Partition;
            if (!directory.TryGet(id, out var partition))
            {
                _slots[i].Read = PartitionRead.Failed(directory.WhyNotHere(id, out _slots[i].LeaderId, out _slots[i].LeaderEpoch));
                _interrupted = 1;
                continue;
            }

            _slots[i].Partition = partition;
            var part = _parts[partition.LaneIndex];
            part.Target = partition.Lane;
            part.Indices.Add(i);
        }
    }

    /// <summary>
    /// Whether the follower is who it says, in its life of now. What it asks for counts for the high watermark: of a client
    /// that only names a replica, or of a broker's former life, that would commit what no one has.
    /// </summary>
    private static bool IsRegistered(MetadataImage image, FetchQuery query) =>
        image.Brokers.TryGetValue(query.ReplicaId, out var broker) && broker.BrokerEpoch == query.ReplicaEpoch;

    /// <summary>One post per lane. The caller's own share keeps the round open until all are posted.</summary>
    private void PostRound()
    {
        var parts = 1;
        foreach (var part in _parts)
        {
            parts += part.Target is null ? 0 : 1;
        }

        Volatile.Write(ref _partsLeft, parts);
        foreach (var part in _parts)
        {
            part.Begin(MaxBytes);
            part.Target?.Post(part);
        }
    }

    private int Read(
        ref FetchSlot slot, in FetchPartition wanted, Partition replica, int budget, bool isFirst, Lane lane)
    {
        var query = _query!;
        (slot.LeaderId, slot.LeaderEpoch) = (replica.LeaderId, replica.LeaderEpoch);
        var bound = Bound(query);
        var maxBytes = Math.Min(budget, wanted.PartitionMaxBytes);
        slot.Read = query.ReplicaId >= 0
            ? ReadForFollower(slot.Partition!, wanted, replica, maxBytes, isFirst, lane)
            : ReadForConsumer(ref slot, wanted, replica, maxBytes, isFirst);
        slot.ReadableBytes = replica.ReadableBytes(bound);
        if (slot.Read.Error != ErrorCode.None
            || slot.Read.DivergingEpoch is not null
            || slot.PreferredReadReplica >= 0
            || HasCommitsToTell(wanted, replica))
        {
            OnInterrupted();
            return 0;
        }

        var found = slot.Read.Slice?.Length ?? 0;
        Interlocked.Add(ref _missingBytes, -found);
        return found;
    }

    /// <summary>
    /// Consumers read at this follower, and it has what was committed since it last heard of that. Without consumers it
    /// learns of it with its next records, which costs no fetch.
    /// </summary>
    private static bool HasCommitsToTell(in FetchPartition wanted, Partition replica) =>
        wanted.HighWatermark < replica.HighWatermark && wanted.FetchOffset >= replica.HighWatermark;

    private PartitionRead ReadForFollower(
        HostedPartition partition, in FetchPartition wanted, Partition replica, int maxBytes, bool isFirst, Lane lane)
    {
        var fetch = new FollowerFetch(
            _query!.ReplicaId,
            _query.ReplicaEpoch,
            wanted.FetchOffset,
            wanted.LastFetchedEpoch,
            wanted.LogStartOffset,
            wanted.CurrentLeaderEpoch);
        if ((partition.Throttled & ThrottledSides.Leader) != 0
            && _quota.IsExceeded
            && !replica.Isr.Contains(_query.ReplicaId))
        {
            // Nothing for now; where it is still counts.
            (maxBytes, isFirst) = (0, false);
        }

        var read = replica.ReadForFollower(fetch, maxBytes, isFirst, lane.Clock.SteadyMs);
        partition.ArmAcksTimer();
        if (read.IsrMayGrow)
        {
            partition.ProposeIsr();
        }

        return read;
    }

    /// <summary>A consumer that knows its rack may be sent to a replica there, and is served by one that does not lead.</summary>
    private PartitionRead ReadForConsumer(
        ref FetchSlot slot, in FetchPartition wanted, Partition replica, int maxBytes, bool isFirst)
    {
        var query = _query!;
        var hasRack = !string.IsNullOrEmpty(query.ClientRack);
        var read = replica.Read(
            wanted.FetchOffset,
            maxBytes,
            isFirst,
            wanted.CurrentLeaderEpoch,
            Bound(query),
            hasRack ? ReadFrom.AnyReplica : ReadFrom.Leader,
            wanted.LastFetchedEpoch);
        slot.Partition!.NoteConsumer(replica);
        if (hasRack && read.Error == ErrorCode.None && read.DivergingEpoch is null && _locations is { } locations)
        {
            slot.PreferredReadReplica = replica.SelectReadReplica(query.ClientRack, wanted.FetchOffset, locations);
            if (slot.PreferredReadReplica >= 0)
            {
                read.Slice?.Dispose();
                return read with { Slice = null };
            }
        }

        return read;
    }

    /// <summary>Leaves the note; what came in since the partition was read counts as if the note had been there.</summary>
    private void Arm(ref FetchSlot slot, in FetchPartition wanted, Partition replica)
    {
        var bound = Bound(_query!);
        slot.WaitsAt = replica.PendingFetchesAt(bound);
        slot.WaitsAt.Add(this);
        Interlocked.Add(ref _missingBytes, slot.ReadableBytes - replica.ReadableBytes(bound));
        if (wanted.HighWatermark != long.MaxValue)
        {
            slot.WaitsForCommitsAt = replica.PendingFetches;
            slot.WaitsForCommitsAt.Add(this);
        }

        if (replica.LeaderEpoch != slot.LeaderEpoch || HasCommitsToTell(wanted, replica))
        {
            OnInterrupted();
        }
    }

    /// <summary>All notes are left. What happened meanwhile is not missed: it is looked at once more after.</summary>
    private void Wait()
    {
        _timerIsSet = true;
        _timer.Change(_query!.MaxWait, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _state, Waiting);
        Interlocked.MemoryBarrier();
        if (!IsShort)
        {
            Wake();
        }
    }

    private void Wake()
    {
        if (Interlocked.CompareExchange(ref _state, LastRound, Waiting) == Waiting)
        {
            PostRound();
            PartDone(onLane: true);
        }
    }

    private void ReleaseSlices()
    {
        var count = _query!.Partitions.Count;
        for (var i = 0; i < count; i++)
        {
            _slots[i].Read.Slice?.Dispose();
            _slots[i].Read = _slots[i].Read with { Slice = null };
        }
    }

    private void Finish()
    {
        _cancellation.Dispose();
        _cancellation = default;
        if (_timerIsSet)
        {
            _timerIsSet = false;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        var query = _query!;
        _assembly.Begin(MaxBytes);
        for (var i = 0; i < query.Partitions.Count; i++)
        {
            ref var slot = ref _slots[i];
            var bytes = _assembly.Add(query.Partitions[i].Partition, slot);
            if (query.ReplicaId >= 0 && slot.Partition is { } partition && (partition.Throttled & ThrottledSides.Leader) != 0)
            {
                _quota.Record(bytes);
            }

            if (bytes > 0)
            {
                Count(slot.Partition, query, _assembly.Results[i].Records.Span);
            }

            slot = default;
        }

        foreach (var part in _parts)
        {
            part.Clear();
        }

        _source.SetResult(this);
    }

    private static void Count(HostedPartition? partition, FetchQuery query, ReadOnlySpan<byte> batches)
    {
        if (query.ReplicaId >= 0)
        {
            partition?.Counts?.Replicated(sent: batches.Length);
        }
        else
        {
            partition?.Traffic?.Fetched(batches);
        }
    }
}

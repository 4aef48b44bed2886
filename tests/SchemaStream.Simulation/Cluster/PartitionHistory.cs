using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Cluster;

/// <summary>
/// What is true of one partition, whoever says otherwise: what was committed, who has led, and who is known to have all
/// that was committed. What may be lost, and when: nothing, as long as one replica is <em>eligible</em>. Eligible are the
/// members of the ISR, and those who left it as there was no leader, or while it was smaller than min.insync.replicas,
/// since when nothing could be committed; and no replica that has stopped uncleanly since, whatever it still has. Only
/// when there is none, or the topic has unclean elections, may someone else lead; from then on his log is the truth.
/// </summary>
internal sealed class PartitionHistory(PartitionKey key)
{
    private readonly List<SimulatedRecord> _committed = [];
    private readonly Dictionary<long, int> _sequences = [];
    private readonly Dictionary<int, int> _leaders = [];
    private readonly SortedSet<int> _eligible = [];
    private readonly SortedList<int, long> _endsAtElections = [];
    private bool _isRewritten;

    public PartitionKey Key { get; } = key;

    public long CommittedEnd => _committed.Count;

    /// <summary>How often someone led who need not have had everything.</summary>
    public int UncleanElections { get; private set; }

    /// <summary>Of the last such election: a log without a record of it, or of a later one, may not be of this history.</summary>
    public int RewrittenInEpoch { get; private set; } = -1;

    public SimulatedRecord Committed(long offset) => _committed[(int)offset];

    /// <summary>What the broker had may be gone.</summary>
    public void StoppedUncleanly(int brokerId) => _eligible.Remove(brokerId);

    /// <summary>The metadata says something new of the partition.</summary>
    public void Changed(PartitionRegistration? before, PartitionRegistration after, int minInSyncReplicas, bool mayBeUnclean)
    {
        if (before is null)
        {
            _eligible.UnionWith(after.Isr);
            return;
        }

        if (after.PartitionEpoch <= before.PartitionEpoch || after.LeaderEpoch < before.LeaderEpoch)
        {
            throw new BrokenPromiseException($"the epochs of {Key} went back: {MetadataWatch.Describe(before)} to {MetadataWatch.Describe(after)}");
        }

        if (after.LeaderEpoch > before.LeaderEpoch)
        {
            _endsAtElections.Add(after.LeaderEpoch, CommittedEnd);
        }

        if (before.IsReassigning && !after.IsReassigning)
        {
            // The last that it waited for came into the ISR, and it was complete, in one change.
            _eligible.UnionWith(after.Isr);
        }

        if (after.HasLeader && after.LeaderEpoch > before.LeaderEpoch && !_eligible.Contains(after.Leader))
        {
            if (_eligible.Count > 0 && !mayBeUnclean)
            {
                throw new BrokenPromiseException(
                    $"{Key}: node {after.Leader} was elected in epoch {after.LeaderEpoch}, though {string.Join(',', _eligible)} have all that was committed");
            }

            UncleanElections++;
            RewrittenInEpoch = after.LeaderEpoch;
            _isRewritten = true;
            _eligible.Clear();
            _eligible.Add(after.Leader);
        }

        if (after.HasLeader && after.Isr.Length >= Math.Min(minInSyncReplicas, after.Replicas.Length))
        {
            _eligible.Clear();
            _eligible.UnionWith(after.Isr);
        }
        else
        {
            _eligible.UnionWith(after.Isr);
            _eligible.IntersectWith(after.Replicas);
        }
    }

    /// <summary>A replica leads an epoch, for the first time that anyone looks.</summary>
    public void Leads(int node, int leaderEpoch, Func<long, long, List<SimulatedRecord>> read, long logEndOffset)
    {
        if (!_leaders.TryAdd(leaderEpoch, node))
        {
            if (_leaders[leaderEpoch] != node)
            {
                throw new BrokenPromiseException($"{Key}: nodes {_leaders[leaderEpoch]} and {node} lead in epoch {leaderEpoch}");
            }

            return;
        }

        if (_isRewritten && leaderEpoch >= RewrittenInEpoch)
        {
            _isRewritten = false;
            Rewrite(read(0, Math.Min(logEndOffset, CommittedEnd)));
        }
        else if (leaderEpoch > RewrittenInEpoch)
        {
            // One that hears late of an election that is history has only what was committed until the next.
            var later = _endsAtElections.FirstOrDefault(election => election.Key > leaderEpoch, new(leaderEpoch, CommittedEnd));
            var end = Math.Min(later.Value, CommittedEnd);
            if (logEndOffset < end)
            {
                throw new BrokenPromiseException(
                    $"{Key}: node {node} leads epoch {leaderEpoch} with a log up to {logEndOffset}, though {end} was committed");
            }

            Compare(node, "leads with", read(0, end));
        }
    }

    /// <summary>A replica holds this to be committed.</summary>
    public void Commits(int node, List<SimulatedRecord> records)
    {
        Compare(node, "has committed", records.Where(record => record.Offset < CommittedEnd));
        foreach (var record in records.Where(record => record.Offset >= CommittedEnd))
        {
            if (record.Offset != CommittedEnd)
            {
                throw new BrokenPromiseException($"{Key}: node {node} committed {record.Offset}, {CommittedEnd} comes next");
            }

            Add(record);
        }
    }

    /// <summary>Someone was told, or has read, that this is committed there.</summary>
    public void MustHave(long offset, long value, string who)
    {
        if (offset >= CommittedEnd || _committed[(int)offset].Value != value)
        {
            throw new BrokenPromiseException(
                $"{Key}: {who} {value} at {offset}, where {(offset < CommittedEnd ? _committed[(int)offset].ToString() : "nothing")} is committed");
        }
    }

    /// <summary>A replica's whole log, once everything has come to rest.</summary>
    public void MustBe(int node, List<SimulatedRecord> log) => Compare(node, "holds", log);

    private void Compare(int node, string what, IEnumerable<SimulatedRecord> records)
    {
        foreach (var record in records)
        {
            if (_committed[(int)record.Offset] != record)
            {
                throw new BrokenPromiseException($"{Key}: node {node} {what} {record}, where {_committed[(int)record.Offset]} was committed");
            }
        }
    }

    private void Add(SimulatedRecord record)
    {
        if (record.ProducerId >= 0)
        {
            // Of a producer that an unclean election made the partition forget, anything may come next.
            var expected = _sequences.TryGetValue(record.ProducerId, out var last) ? last + 1 : UncleanElections > 0 ? record.Sequence : 0;
            if (record.Sequence != expected)
            {
                throw new BrokenPromiseException(
                    $"{Key}: {record} is {(record.Sequence < expected ? "there twice" : "out of order")}: sequence {expected} comes next");
            }

            _sequences[record.ProducerId] = record.Sequence;
        }

        _committed.Add(record);
    }

    /// <summary>The log of a leader who need not have had everything is the truth from now on.</summary>
    private void Rewrite(List<SimulatedRecord> log)
    {
        var same = 0;
        while (same < log.Count && _committed[same] == log[same])
        {
            same++;
        }

        _committed.RemoveRange(same, _committed.Count - same);
        _sequences.Clear();
        foreach (var record in _committed.Where(record => record.ProducerId >= 0))
        {
            _sequences[record.ProducerId] = record.Sequence;
        }
    }
}

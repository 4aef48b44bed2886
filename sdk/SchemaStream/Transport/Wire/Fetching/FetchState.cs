using System.Diagnostics.CodeAnalysis;
using SchemaStream.Protocol;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>
/// What is fetched of a topic's partitions, from where, and what has come: a state machine without sockets, threads or a
/// clock of its own. Everything happens under its owner's lock.
/// </summary>
/// <remarks>
/// The files: this one has the partitions and where they are, <c>.Requests</c> makes requests and takes their answers,
/// <c>.Chores</c> says what else is to be asked.
/// </remarks>
internal sealed partial class FetchState(string topic, FetchSettings settings)
{
    /// <summary>How often damaged bytes are fetched again before reading fails.</summary>
    private const int MostCorruptions = 2;

    private readonly Dictionary<int, PartitionCursor> _cursors = [];
    private readonly List<PartitionCursor> _order = [];
    private readonly Queue<FetchedRecords> _ready = new();
    private Guid _topicId;

    /// <summary>Why reading has failed for good; the owner tells the reader.</summary>
    public BrokerException? Failure { get; private set; }

    /// <summary>What happened that the log should know: its error and what was tried.</summary>
    public Action<ErrorCode, string>? Told { get; init; }

    /// <summary>
    /// Whether something changed that the loop which asks for everything but records must look at: not so when records
    /// came, and more are to be asked for where they came from.
    /// </summary>
    public bool HasNews { get; private set; } = true;

    /// <summary>The loop looks now.</summary>
    public void HearNews() => HasNews = false;

    /// <summary>Whether something waits for the reader.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>The broker that a partition is led by; -1 for none.</summary>
    public int LeaderOf(int partition) => _leaders.TryGetValue(partition, out var leader) ? leader.NodeId : PartitionCursor.None;

    /// <summary>The leader epoch of a partition; -1 when it is not known.</summary>
    public int EpochOf(int partition) => _leaders.TryGetValue(partition, out var leader) ? leader.Epoch : PartitionCursor.None;

    /// <summary>A partition has come.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="start">Where to begin: an offset, a name of one, or <see cref="PartitionOffset.Unknown"/> for the group's.</param>
    public void Add(AssignedPartition partition, long start)
    {
        Remove(partition.Name.Partition);
        var cursor = new PartitionCursor(partition);
        BeginAt(cursor, partition.Generation, start);
        _cursors.Add(cursor.Index, cursor);
        _order.Add(cursor);
        Lead(cursor);
    }

    /// <summary>A partition has gone.</summary>
    public void Remove(AssignedPartition partition)
    {
        if (_cursors.TryGetValue(partition.Name.Partition, out var cursor) && ReferenceEquals(cursor.Partition, partition))
        {
            Remove(cursor.Index);
        }
    }

    /// <summary>Goes on elsewhere.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="generation">The generation of what is fetched from there.</param>
    /// <param name="offset">The offset, or a name of one.</param>
    /// <returns>False when the partition has gone.</returns>
    public bool Seek(AssignedPartition partition, int generation, long offset)
    {
        if (!_cursors.TryGetValue(partition.Name.Partition, out var cursor) || !ReferenceEquals(cursor.Partition, partition))
        {
            return false;
        }

        BeginAt(cursor, generation, offset);
        return true;
    }

    /// <summary>The next of what waits for the reader; what is void is passed over, and given back.</summary>
    public bool TryTake([NotNullWhen(true)] out FetchedRecords? records)
    {
        while (_ready.TryDequeue(out records))
        {
            if (IsCurrent(records))
            {
                return true;
            }

            records.Memory?.LetGo();
        }

        return false;
    }

    /// <summary>The reader is through with what it took.</summary>
    /// <returns>Whether more of the partition may be asked for, which was not so before.</returns>
    public bool OnRead(FetchedRecords records)
    {
        var cursor = records.Cursor;
        if (records.Version != cursor.Version)
        {
            return false;
        }

        var hadEnough = HasEnough(cursor);
        cursor.HeldBytes -= records.Bytes.Length;
        cursor.HeldRecords -= records.Count;
        if (!records.IsEnd)
        {
            cursor.Corruptions = 0;
        }

        return hadEnough && !HasEnough(cursor);
    }

    /// <summary>What the reader took is damaged: it is fetched again, perhaps it was damaged on its way.</summary>
    /// <param name="records">What it took.</param>
    /// <param name="offset">Where the damage is.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="nowMs">The time.</param>
    public void OnCorrupt(FetchedRecords records, long offset, string reason, long nowMs)
    {
        var cursor = records.Cursor;
        if (records.Version != cursor.Version)
        {
            return;
        }

        if (++cursor.Corruptions > MostCorruptions)
        {
            Fail(ErrorCode.CorruptMessage, $"{topic}[{cursor.Index}] is damaged: {reason}");
            return;
        }

        Told?.Invoke(ErrorCode.CorruptMessage, $"{topic}[{cursor.Index}] from offset {offset}: {reason}; fetching again");
        var epoch = cursor.OffsetEpoch;
        cursor.Begin(cursor.Generation, PartitionCursor.Stage.Records, offset);
        cursor.OffsetEpoch = epoch;
        Delay(cursor, nowMs);
    }

    /// <summary>Forgets everything; for the end.</summary>
    public void Clear()
    {
        foreach (var index in _cursors.Keys.ToList())
        {
            Remove(index);
        }

        while (_ready.TryDequeue(out var records))
        {
            records.Memory?.LetGo();
        }
    }

    /// <summary>Whether records are still wanted.</summary>
    private static bool IsCurrent(FetchedRecords records) =>
        records.Version == records.Cursor.Version && records.Cursor.Partition.IsCurrent(records.Generation);

    private long BackoffMs => (long)settings.ErrorBackoff.TotalMilliseconds;

    private void Remove(int index)
    {
        if (_cursors.Remove(index, out var cursor))
        {
            _order.Remove(cursor);
            cursor.Begin(cursor.Generation, PartitionCursor.Stage.Committed, 0); // whatever comes is void
        }
    }

    private void BeginAt(PartitionCursor cursor, int generation, long start)
    {
        HasNews = true;
        cursor.Begin(
            generation,
            start switch
            {
                >= 0 => PartitionCursor.Stage.Records,
                PartitionOffset.Beginning or PartitionOffset.End => PartitionCursor.Stage.Position,
                _ => PartitionCursor.Stage.Committed,
            },
            start);
    }

    /// <summary>Leaves a partition alone for a while.</summary>
    private void Delay(PartitionCursor cursor, long nowMs)
    {
        HasNews = true;
        cursor.Delay(nowMs + BackoffMs);
    }

    /// <summary>There is no valid offset: goes where the settings say.</summary>
    private void Reset(PartitionCursor cursor, string why)
    {
        if (settings.Reset is not { } start)
        {
            Fail("AUTO_OFFSET_RESET", $"{topic}[{cursor.Index}] has no offset to go on from ({why}), and none to reset it to is set");
            return;
        }

        BeginAt(cursor, cursor.Generation, start);
    }

    private void Fail(ErrorCode error, string reason) => Fail(WireErrors.NameOf(error), reason);

    private void Fail(string code, string reason)
    {
        HasNews = true;
        Failure ??= new BrokerException(code, $"Reading topic '{topic}' has failed: {reason}");
    }
}

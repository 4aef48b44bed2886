using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Transport.Wire.Fetching;

/// <content>Fetch requests and their answers.</content>
internal sealed partial class FetchState
{
    /// <summary>The first version with topic ids.</summary>
    public const short FirstVersionById = 13;

    /// <summary>The first version that says where the logs part, so that it needs no question of its own.</summary>
    public const short FirstDivergenceVersion = 12;

    /// <summary>
    /// How long a broker may wait for records while others of its partitions have enough in hand: they are to be asked
    /// for again as soon as the reader has got on.
    /// </summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a replica that the leader has named is asked in its stead.</summary>
    private const long ReplicaMs = 5 * 60 * 1000;

    /// <summary>How many bytes of responses are held; given back on other threads.</summary>
    private long _heldBytes;

    /// <summary>Whether so much waits for the reader that nothing is asked for.</summary>
    public bool IsFull => Interlocked.Read(ref _heldBytes) >= settings.MaxHeldBytes;

    /// <summary>The version to ask a broker in.</summary>
    public short VersionFor(short newest) =>
        newest >= FirstVersionById && _topicId == Guid.Empty ? (short)(FirstVersionById - 1) : newest;

    /// <summary>The brokers that have something to give.</summary>
    public void FindNodes(HashSet<int> nodes, long nowMs)
    {
        foreach (var cursor in _order)
        {
            if (cursor.IsReady(nowMs))
            {
                nodes.Add(cursor.NodeAt(nowMs));
            }
        }
    }

    /// <summary>Makes the next request to a broker.</summary>
    /// <param name="turn">What it is made of.</param>
    /// <param name="version">The request's version.</param>
    /// <param name="nowMs">The time.</param>
    /// <returns>Whether there is anything to ask for.</returns>
    public bool TryFill(FetchTurn turn, short version, long nowMs)
    {
        turn.Begin(settings, topic, _topicId, version >= FirstVersionById);
        if (IsFull || Failure is not null || turn.IsIdle)
        {
            return false;
        }

        var isSomeFull = false;
        for (var index = 0; index < _order.Count; index++)
        {
            var cursor = _order[index];
            if (!cursor.IsReady(nowMs) || cursor.NodeAt(nowMs) != turn.NodeId)
            {
                continue;
            }

            if (HasEnough(cursor))
            {
                isSomeFull = true;
                continue;
            }

            if (cursor.WantsEnd && settings.TellsEnds)
            {
                turn.Request.MaxWaitMs = 0;
            }

            turn.Add(cursor, settings);
        }

        if (isSomeFull)
        {
            turn.Request.MaxWaitMs = Math.Min(turn.Request.MaxWaitMs, (int)ShortWait.TotalMilliseconds);
        }

        if (turn.Sent.Count == 0)
        {
            return false;
        }

        turn.Send();
        return true;
    }

    /// <summary>A broker has answered.</summary>
    /// <param name="turn">The request and its response.</param>
    /// <param name="loan">The response's memory, which this takes over.</param>
    /// <param name="freed">Told when the memory is given back and more may be asked for.</param>
    /// <param name="nowMs">The time.</param>
    public void OnResponse(FetchTurn turn, PooledResponse loan, Action freed, long nowMs)
    {
        var memory = new FetchedMemory(loan, length =>
        {
            var held = Interlocked.Add(ref _heldBytes, -length);
            if (held < settings.MaxHeldBytes && held + length >= settings.MaxHeldBytes)
            {
                freed();
            }
        });
        Interlocked.Add(ref _heldBytes, memory.Length);
        turn.Return();
        if (turn.Response.ErrorCode != ErrorCode.None)
        {
            OnError(turn.Response.ErrorCode);
        }

        var ordinal = 0;
        foreach (var answered in turn.Response.Responses)
        {
            if (turn.IsById ? answered.TopicId != _topicId : answered.Topic != topic)
            {
                ordinal += answered.Partitions.Count;
                continue;
            }

            foreach (var answer in answered.Partitions)
            {
                var soundBytes = turn.SoundBytes(ordinal++);
                if (_cursors.TryGetValue(answer.PartitionIndex, out var cursor) && ReferenceEquals(cursor.Turn, turn))
                {
                    cursor.IsAsked = false;
                    cursor.Turn = null;
                    Take(turn, cursor, answer, soundBytes, memory, nowMs);
                }
            }
        }

        Unanswered(turn, nowMs);
        RotateBehind(turn);
        memory.LetGo();
    }

    /// <summary>A broker cannot be asked: its partitions may be led by another by now.</summary>
    public void OnNodeFailed(FetchTurn turn, long nowMs)
    {
        HasNews = true;
        NeedsLayout = true;
        turn.Lose();
        Unanswered(turn, nowMs);
        foreach (var cursor in _order)
        {
            if (cursor.ReplicaId == turn.NodeId)
            {
                cursor.ReplicaId = PartitionCursor.None;
            }
            else if (cursor.LeaderId == turn.NodeId && !cursor.IsAsked)
            {
                cursor.RetryAtMs = Math.Max(cursor.RetryAtMs, nowMs + BackoffMs);
            }
        }
    }

    private void Unanswered(FetchTurn turn, long nowMs)
    {
        foreach (var cursor in turn.Sent)
        {
            if (ReferenceEquals(cursor.Turn, turn))
            {
                Delay(cursor, nowMs);
            }
        }
    }

    /// <summary>Those whose turn it was come last: a broker fills its response from the first partition on.</summary>
    private void RotateBehind(FetchTurn turn)
    {
        if (_order.Count > 1 && turn.Sent.Count > 0)
        {
            var first = _order[0];
            _order.RemoveAt(0);
            _order.Add(first);
        }
    }

    private void Take(
        FetchTurn turn, PartitionCursor cursor, FetchResponse.PartitionData answer, int soundBytes, FetchedMemory memory, long nowMs)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            OnError(turn, cursor, answer, nowMs);
            return;
        }

        if (answer.DivergingEpoch is { EndOffset: >= 0 } or { Epoch: >= 0 })
        {
            OnDiverging(cursor, answer.DivergingEpoch.EndOffset);
            return;
        }

        if (answer.PreferredReadReplica >= 0 && answer.PreferredReadReplica != turn.NodeId)
        {
            HasNews = true;
            cursor.ReplicaId = answer.PreferredReadReplica;
            cursor.ReplicaUntilMs = nowMs + ReplicaMs;
        }

        cursor.WantsEnd = false;
        if (answer.Records is { Length: > 0 } records)
        {
            TakeRecords(cursor, answer, records, soundBytes, memory, nowMs);
        }

        var end = settings.ReadsCommitted && answer.LastStableOffset >= 0 ? answer.LastStableOffset : answer.HighWatermark;
        if (settings.TellsEnds && cursor.Offset == end && cursor.ToldEnd != end && cursor.At == PartitionCursor.Stage.Records)
        {
            cursor.ToldEnd = end;
            _ready.Enqueue(new FetchedRecords(cursor, default, null, null) { Offset = end });
        }
    }

    private void TakeRecords(
        PartitionCursor cursor,
        FetchResponse.PartitionData answer,
        ReadOnlyMemory<byte> bytes,
        int soundBytes,
        FetchedMemory memory,
        long nowMs)
    {
        var whole = Measure(bytes.Span, out var next, out var epoch, out var count, out var fault);
        if (next <= cursor.Offset)
        {
            // Nothing that goes on: the same would come again and again.
            var reason = fault == RecordBatchFault.None ? "the broker's batches end before the offset asked for" : fault.Describe();
            if (++cursor.Corruptions > MostCorruptions)
            {
                Fail(ErrorCode.CorruptMessage, $"{topic}[{cursor.Index}] at offset {cursor.Offset} cannot be read: {reason}");
                return;
            }

            Told?.Invoke(ErrorCode.CorruptMessage, $"{topic}[{cursor.Index}] at offset {cursor.Offset}: {reason}; fetching again");
            Delay(cursor, nowMs);
            return;
        }

        memory.Share();
        _ready.Enqueue(new FetchedRecords(cursor, bytes[..whole], memory, AbortedOf(answer)) 
        {
            Offset = cursor.Offset, Count = count, SoundBytes = soundBytes,
        });
        cursor.HeldBytes += whole;
        cursor.HeldRecords += count;
        cursor.Offset = next;
        cursor.OffsetEpoch = epoch;
    }

    /// <summary>Measures the whole batches, of which a broker may cut off the last.</summary>
    private static int Measure(ReadOnlySpan<byte> bytes, out long next, out int epoch, out long count, out RecordBatchFault fault)
    {
        (next, epoch, count, fault) = (PartitionCursor.None, PartitionCursor.None, 0, RecordBatchFault.None);
        var whole = 0;
        while (whole < bytes.Length)
        {
            fault = RecordBatches.Measure(bytes[whole..], out var size);
            if (fault != RecordBatchFault.None)
            {
                break;
            }

            var header = new RecordBatchHeader(bytes[whole..]);
            if (header.BaseOffset < 0 || header.LastOffsetDelta < 0 || header.BaseOffset > long.MaxValue - header.LastOffsetDelta - 1L
                || header.NextOffset <= next)
            {
                fault = RecordBatchFault.CountMismatch;
                break;
            }

            whole += size;
            next = header.NextOffset;
            epoch = header.PartitionLeaderEpoch;
            count += Math.Max(header.RecordCount, 0);
        }

        return whole;
    }

    private bool HasEnough(PartitionCursor cursor) =>
        cursor.HeldBytes >= settings.MaxPartitionHeldBytes || cursor.HeldRecords >= settings.EnoughRecords;

    private List<AbortedRange>? AbortedOf(FetchResponse.PartitionData answer)
    {
        if (!settings.ReadsCommitted || answer.AbortedTransactions is not { Count: > 0 } aborted)
        {
            return null;
        }

        // The response object is used again: what is read later is copied.
        var ranges = aborted.ConvertAll(range => new AbortedRange(range.ProducerId, range.FirstOffset));
        ranges.Sort(static (left, right) => left.FirstOffset.CompareTo(right.FirstOffset));
        return ranges;
    }

    /// <summary>The leader's log parts from what was read: it was cut by an unclean election.</summary>
    private void OnDiverging(PartitionCursor cursor, long endOffset)
    {
        if (settings.Reset is null)
        {
            Fail("LOG_TRUNCATION", $"{topic}[{cursor.Index}] was cut at offset {endOffset}, before offset {cursor.Offset} that was reached");
            return;
        }

        Told?.Invoke(
            ErrorCode.OffsetOutOfRange, $"{topic}[{cursor.Index}] was cut at offset {endOffset}, before offset {cursor.Offset}: going on there");
        if (endOffset >= 0 && endOffset < cursor.Offset)
        {
            BeginAt(cursor, cursor.Generation, endOffset);
        }
        else
        {
            Reset(cursor, "its log was cut");
        }
    }
}

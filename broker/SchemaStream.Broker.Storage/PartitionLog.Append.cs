using System.Runtime.InteropServices;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Indexes;
using SchemaStream.Broker.Storage.Producers;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>Appending: check everything, then stamp, then one write, then take note.</summary>
public sealed partial class PartitionLog
{
    private bool _needsCutBack;
    private int _failedWriteLength;

    /// <summary>
    /// Appends as the partition's leader: gives offsets and stamps the leader epoch. The header fields that a broker owns
    /// are written into the caller's buffer, which must therefore be writable memory; nothing else of it changes.
    /// </summary>
    /// <param name="transactionVersion">Of the producer whose transaction ends, where the batch is a marker.</param>
    /// <exception cref="LogStorageException">The disk failed; nothing counts as written, and the log is offline.</exception>
    public AppendResult AppendAsLeader(
        ReadOnlyMemory<byte> batches,
        int leaderEpoch,
        long nowMs,
        AppendOrigin origin = AppendOrigin.Client,
        short transactionVersion = 0)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (IsOffline)
        {
            return AppendResult.Failed(ErrorCode.KafkaStorageError, LogStartOffset);
        }

        if (leaderEpoch < LatestEpoch)
        {
            return AppendResult.Failed(ErrorCode.FencedLeaderEpoch, LogStartOffset);
        }

        var bytes = MemoryMarshal.AsMemory(batches).Span;
        var isChecked = origin == AppendOrigin.CheckedClient;
        origin = isChecked ? AppendOrigin.Client : origin;
        var newest = RecordBatchHeader.NoTimestamp;
        var fault = isChecked ? RecordBatchFault.None : ValidateProduced(bytes, nowMs, origin, out newest);
        if (fault != RecordBatchFault.None)
        {
            return AppendResult.Failed(fault.ToErrorCode(), LogStartOffset, fault);
        }

        if (bytes.Length > Config.SegmentBytes)
        {
            return AppendResult.Failed(ErrorCode.RecordListTooLarge, LogStartOffset);
        }

        var appendTimeMs = Config.TimestampType == TimestampType.LogAppendTime ? nowMs : RecordBatchHeader.NoTimestamp;
        var error = CheckProducers(bytes, origin, transactionVersion, out var duplicate);
        if (error != ErrorCode.None || duplicate is not null)
        {
            return duplicate is { } earlier
                ? new AppendResult(
                    ErrorCode.None, earlier.BaseOffset, earlier.LastOffset, appendTimeMs, LogStartOffset, IsDuplicate: true)
                : AppendResult.Failed(error, LogStartOffset);
        }

        var baseOffset = LogEndOffset;
        var (nextOffset, maxTimestamp) = Stamp(
            bytes, leaderEpoch, origin == AppendOrigin.Client && !isChecked ? newest : null, appendTimeMs);
        Write(bytes, nextOffset, maxTimestamp, nowMs, leaderEpoch);
        return new AppendResult(ErrorCode.None, baseOffset, nextOffset - 1, appendTimeMs, LogStartOffset);
    }

    /// <inheritdoc cref="AppendAsFollower(ReadOnlyMemory{byte}, int, long)"/>
    public AppendResult AppendAsFollower(ReadOnlyMemory<byte> batches, long nowMs) =>
        AppendAsFollower(batches, int.MaxValue, nowMs);

    /// <summary>
    /// Appends what a leader sent, offsets and epochs as they are. An incomplete batch at the end is left out, as leaders
    /// may send one; so is a batch of a later epoch than the leader's, with all behind it.
    /// </summary>
    /// <param name="leaderEpoch">Epoch of the leader that was asked.</param>
    /// <exception cref="LogStorageException">The disk failed; nothing counts as written, and the log is offline.</exception>
    public AppendResult AppendAsFollower(ReadOnlyMemory<byte> batches, int leaderEpoch, long nowMs)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (IsOffline)
        {
            return AppendResult.Failed(ErrorCode.KafkaStorageError, LogStartOffset);
        }

        var found = ReplicatedBatches.Check(batches.Span, LatestEpoch, leaderEpoch);
        if (found.Error != ErrorCode.None)
        {
            return AppendResult.Failed(found.Error, LogStartOffset, found.Fault);
        }

        if (found.BaseOffset < LogEndOffset)
        {
            if (LogStartOffset < LogEndOffset || found.FirstNextOffset <= LogEndOffset)
            {
                return AppendResult.Failed(ErrorCode.OffsetOutOfRange, LogStartOffset);
            }

            // The leader's log begins inside a batch (DeleteRecords): an empty log takes it whole, and hides its beginning.
            var startOffset = LogStartOffset;
            TruncateFullyAndStartAt(found.BaseOffset);
            Write(batches.Span[..found.Length], found.NextOffset, found.NewestTimestamp, nowMs, leaderEpoch: -1);
            AdvanceLogStartOffset(startOffset);
        }
        else
        {
            Write(batches.Span[..found.Length], found.NextOffset, found.NewestTimestamp, nowMs, leaderEpoch: -1);
        }

        return new AppendResult(
            ErrorCode.None,
            found.BaseOffset,
            found.NextOffset - 1,
            RecordBatchHeader.NoTimestamp,
            LogStartOffset,
            Bytes: found.Length);
    }

    /// <summary>
    /// Takes appends again once the disk is well: space was freed, a volume is back. What a failed write left is cut off
    /// first, and as much as failed is written and cut off again, or a replica whose disk is still full would count as one
    /// that follows; throws, and stays offline, when that is not possible. After anything but a failed append, a failed sync above
    /// all, it is not: no one knows what the disk holds until the log is opened anew, as after an unclean stop.
    /// </summary>
    public void BringOnline()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_needsReopening)
        {
            Online();
        }

        if (_needsCutBack)
        {
            CutBack();
            _needsCutBack = false;
        }

        if (_failedWriteLength > 0)
        {
            Probe();
            _failedWriteLength = 0;
        }

        Failure = null;
    }

    private RecordBatchFault ValidateProduced(
        ReadOnlySpan<byte> batches, long nowMs, AppendOrigin origin, out long newestTimestamp)
    {
        newestTimestamp = RecordBatchHeader.NoTimestamp;
        var rules = RulesFor(nowMs, origin);
        if (batches.IsEmpty)
        {
            return RecordBatchFault.Empty;
        }

        var isFirst = true;
        while (!batches.IsEmpty)
        {
            if (!isFirst && origin == AppendOrigin.Client)
            {
                return RecordBatchFault.MoreThanOneBatch;
            }

            var fault = RecordBatches.ValidateProduced(batches, rules, out var size, out newestTimestamp);
            if (fault != RecordBatchFault.None)
            {
                return fault;
            }

            if (origin == AppendOrigin.Client && new RecordBatchHeader(batches).BaseOffset != 0)
            {
                return RecordBatchFault.NonZeroBaseOffset;
            }

            isFirst = false;
            batches = batches[size..];
        }

        return RecordBatchFault.None;
    }

    private ProducedBatchRules RulesFor(long nowMs, AppendOrigin origin)
    {
        var isClient = origin == AppendOrigin.Client;
        // With the broker's own time the producer's is overwritten, so it does not matter.
        var isBounded = isClient && Config.TimestampType == TimestampType.CreateTime;
        return new ProducedBatchRules
        {
            MaxMessageBytes = isClient ? Config.MaxMessageBytes : int.MaxValue,
            RequireKeys = isClient && (Config.CleanupPolicy & CleanupPolicy.Compact) != 0,
            RequireSequences = isClient,
            AllowControlBatches = !isClient,
            MinTimestamp = isBounded && Config.TimestampBeforeMaxMs < nowMs ? nowMs - Config.TimestampBeforeMaxMs : long.MinValue,
            MaxTimestamp = isBounded && Config.TimestampAfterMaxMs < long.MaxValue - nowMs
                ? nowMs + Config.TimestampAfterMaxMs
                : long.MaxValue,
        };
    }

    private ErrorCode CheckProducers(
        ReadOnlySpan<byte> batches, AppendOrigin origin, short transactionVersion, out ProducerBatch? duplicate)
    {
        duplicate = null;
        while (!batches.IsEmpty)
        {
            var header = new RecordBatchHeader(batches);
            var error = EndTransactionMarker.TryRead(batches, out var marker)
                ? _producers.CheckMarker(header, marker, transactionVersion)
                : _producers.Check(header, origin, out duplicate);
            if (error != ErrorCode.None || duplicate is not null)
            {
                return error;
            }

            batches = batches[(int)header.SizeInBytes..];
        }

        return ErrorCode.None;
    }

    /// <summary>Writes the fields a broker owns into the batches.</summary>
    /// <param name="newestTimestamp">What a client's records say, whatever its header does; null to trust the header.</param>
    private (long NextOffset, long MaxTimestamp) Stamp(
        Span<byte> batches, int leaderEpoch, long? newestTimestamp, long appendTimeMs)
    {
        var nextOffset = LogEndOffset;
        var newest = RecordBatchHeader.NoTimestamp;
        while (!batches.IsEmpty)
        {
            var header = new RecordBatchHeader(batches);
            var size = (int)header.SizeInBytes;
            var batch = batches[..size];
            var maxTimestamp = appendTimeMs >= 0 ? appendTimeMs : newestTimestamp ?? header.MaxTimestamp;
            RecordBatchHeader.WriteBaseOffset(batch, nextOffset);
            RecordBatchHeader.WritePartitionLeaderEpoch(batch, leaderEpoch);
            if (header.TimestampType != Config.TimestampType || header.MaxTimestamp != maxTimestamp)
            {
                RecordBatchHeader.WriteMaxTimestamp(batch, Config.TimestampType, maxTimestamp);
            }

            newest = Math.Max(newest, maxTimestamp);
            nextOffset += header.LastOffsetDelta + 1L;
            batches = batches[size..];
        }

        return (nextOffset, newest);
    }

    private void Write(ReadOnlySpan<byte> batches, long nextOffset, long newestTimestamp, long nowMs, int leaderEpoch)
    {
        try
        {
            if (ShouldRoll(batches.Length, nextOffset - 1, newestTimestamp, nowMs))
            {
                RollSegment(nowMs);
            }

            AssignEpochs(batches, leaderEpoch);
            _segments.Active.Append(batches);
        }
        catch (LogStorageException e)
        {
            Failure ??= e;
            _failedWriteLength = batches.Length;
            TryCutBack();
            throw;
        }

        NoteProducers(batches);
        LogEndOffset = nextOffset;
    }

    private void NoteProducers(ReadOnlySpan<byte> batches)
    {
        while (!batches.IsEmpty)
        {
            var header = new RecordBatchHeader(batches);
            EndTransactionMarker? marker = EndTransactionMarker.TryRead(batches, out var read) ? read : null;
            if (_producers.Replay(header, marker) is { } aborted)
            {
                NoteAborted(aborted);
            }

            batches = batches[(int)header.SizeInBytes..];
        }

        _producers.Limit(Config.MaxProducerIds);
    }

    private void NoteAborted(in AbortedTransactionEntry aborted)
    {
        try
        {
            _segments.Active.TransactionIndex.Append(aborted);
            _hasAborted = true;
        }
        catch (LogStorageException e)
        {
            // The marker is in the file and what it means is not: only opening the log anew makes them one again.
            TakeOffline(e);
            throw;
        }
    }

    private bool ShouldRoll(int bytes, long lastOffset, long newestTimestamp, long nowMs)
    {
        var active = _segments.Active;
        return lastOffset - active.BaseOffset > int.MaxValue
            || (active.SizeInBytes > 0
                && (active.SizeInBytes > Config.SegmentBytes - bytes
                    || active.AreIndexesFull
                    || active.AgeMs(nowMs, newestTimestamp) > Config.RollMs));
    }

    private void AssignEpochs(ReadOnlySpan<byte> batches, int leaderEpoch)
    {
        if (leaderEpoch >= 0)
        {
            _epochs.Assign(leaderEpoch, LogEndOffset);
            return;
        }

        while (!batches.IsEmpty)
        {
            var header = new RecordBatchHeader(batches);
            _epochs.Assign(header.PartitionLeaderEpoch, header.BaseOffset);
            batches = batches[(int)header.SizeInBytes..];
        }
    }

    /// <summary>Takes a part of a failed write off the file now, if the disk lets us; the next open does it otherwise.</summary>
    private void TryCutBack()
    {
        try
        {
            CutBack();
        }
        catch (LogStorageException e)
        {
            _needsCutBack = true;
            Failure = new LogStorageException($"{Failure!.Message} Cutting the log back failed too: {e.Message}", Failure);
        }
    }

    private void Probe()
    {
        try
        {
            _segments.Active.Probe(_failedWriteLength);
        }
        catch (LogStorageException)
        {
            TryCutBack();
            throw;
        }
    }

    private void CutBack()
    {
        _segments.Active.CutBack(LogEndOffset);

        // The epoch of what was not written: a follower that named it would be sent back for records it does not have.
        _epochs.TruncateFromEnd(LogEndOffset);
    }
}

using System.Diagnostics.CodeAnalysis;
using SchemaStream.Compression;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>
/// Makes batches of records out of what was fetched, on the reader's thread: checks, unpacks, leaves out what is before
/// the asked-for offset, control records, and records of aborted transactions.
/// </summary>
/// <remarks>
/// Aborted transactions are Kafka's own way (KIP-98): the response names them by producer and first offset; a producer's
/// records are left out from there until its abort marker.
/// </remarks>
internal sealed class RecordUnpacker(FetchSettings settings)
{
    /// <summary>How many times its size a batch is likely to unpack to.</summary>
    private const int LikelyRatio = 4;

    private readonly HashSet<long> _aborting = [];
    private readonly PooledOutput _unpacked = new();

    private FetchedRecords? _source;
    private int _nextBatch;
    private int _nextAborted;

    // The wire batch that is being read.
    private FetchedMemory? _memory;
    private ReadOnlyMemory<byte> _records;
    private int _at;
    private int _left;
    private long _baseOffset;
    private int _lastDelta;
    private long _baseTimestamp;
    private long? _appendTime;
    private bool _isBroken;

    /// <summary>What is being read; null when there is nothing.</summary>
    public FetchedRecords? Source => _source;

    /// <summary>The offset that nothing before is left of.</summary>
    public long Offset { get; private set; }

    /// <summary>Begins with what was fetched; the former is read, or dropped.</summary>
    /// <param name="source">What was fetched.</param>
    public void Begin(FetchedRecords source)
    {
        _source = source;
        _nextBatch = 0;
        _nextAborted = 0;
        _aborting.Clear();
        Offset = source.Offset;
    }

    /// <summary>The next records.</summary>
    /// <param name="batch">The records.</param>
    /// <returns>Whether there are any.</returns>
    /// <exception cref="CorruptRecordException">The bytes are no records, or are damaged.</exception>
    /// <exception cref="CompressionException">They do not unpack, or to more than is allowed.</exception>
    public bool TryNext([NotNullWhen(true)] out FetchedBatch? batch)
    {
        batch = null;
        var source = _source!;
        if (source.IsEnd)
        {
            if (_nextBatch++ > 0)
            {
                return false;
            }

            batch = FetchedBatch.Rent(source, null, default);
            batch.Next = new FetchedRecord { Offset = source.Offset, KeyLength = FetchedRecord.Absent, ValueLength = FetchedRecord.Absent };
            batch.Keep();
            return true;
        }

        while (_left > 0 || TryBeginBatch(source))
        {
            if (TryFill(source, out batch))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets go of what is being read.</summary>
    public void Drop()
    {
        EndBatch();
        _unpacked.GiveBack();
        _source?.Memory?.LetGo();
        _source = null;
    }

    /// <returns>Whether there is a batch whose records are to be read.</returns>
    private bool TryBeginBatch(FetchedRecords source)
    {
        EndBatch();
        while (_nextBatch < source.Bytes.Length)
        {
            var rest = source.Bytes.Span[_nextBatch..];
            Demand(settings.ChecksCrcs && _nextBatch >= source.SoundBytes ? RecordBatches.Validate(rest, out var size) : RecordBatches.Measure(rest, out size));
            var bytes = source.Bytes.Slice(_nextBatch, size);
            var header = new RecordBatchHeader(bytes.Span);
            _nextBatch += size;
            if (header.LastOffsetDelta < 0 || header.RecordCount < 0 || header.RecordCount > header.LastOffsetDelta + 1L
                || header.BaseOffset < 0 || header.BaseOffset > long.MaxValue - header.LastOffsetDelta - 1)
            {
                Demand(RecordBatchFault.CountMismatch);
            }

            // What ends before the offset that was asked for counts all the same: its markers end transactions.
            if (IsLeftOut(source, header, bytes.Span) || header.NextOffset <= Offset || header.RecordCount == 0)
            {
                Offset = Math.Max(Offset, header.NextOffset);
                continue;
            }

            BeginBatch(source, header, bytes);
            return true;
        }

        return false;
    }

    private void BeginBatch(FetchedRecords source, RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        var records = batch[RecordBatchHeader.Size..];
        if (header.Compression == Protocol.Records.CompressionType.None)
        {
            _memory = source.Memory!;
            _memory.Share();
        }
        else
        {
            _unpacked.Begin((int)Math.Min(records.Length * (long)LikelyRatio, settings.MaxResponseBytes));
            RecordCompression.Decompress(header.Compression, records.Span, _unpacked, settings.MaxResponseBytes);
            _memory = new FetchedMemory(_unpacked.Take(out records));
        }

        _records = records;
        _at = 0;
        _left = header.RecordCount;
        _baseOffset = header.BaseOffset;
        _lastDelta = header.LastOffsetDelta;
        _baseTimestamp = header.BaseTimestamp;
        _appendTime = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : null;
    }

    private void EndBatch()
    {
        _memory?.LetGo();
        _memory = null;
        _records = default;
        _left = 0;
        _isBroken = false;
    }

    private bool IsLeftOut(FetchedRecords source, RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        if (settings.ReadsCommitted && header.HasProducerId && source.Aborted is { } aborted)
        {
            for (; _nextAborted < aborted.Count && aborted[_nextAborted].FirstOffset <= header.LastOffset; _nextAborted++)
            {
                _aborting.Add(aborted[_nextAborted].ProducerId);
            }

            if (header.IsControlBatch)
            {
                if (EndTransactionMarker.TryRead(batch, out var marker) && !marker.IsCommit)
                {
                    _aborting.Remove(header.ProducerId);
                }
            }
            else if (header.IsTransactional && _aborting.Contains(header.ProducerId))
            {
                return true;
            }
        }

        return header.IsControlBatch;
    }

    private bool TryFill(FetchedRecords source, [NotNullWhen(true)] out FetchedBatch? batch)
    {
        batch = null;
        if (_isBroken)
        {
            Demand(RecordBatchFault.MalformedRecord);
        }

        batch = FetchedBatch.Rent(source, _memory, _records);
        var bytes = new RecordBytes(_records.Span, _at);
        var isSound = true;
        while (_left > 0 && !batch.IsFull)
        {
            ref var record = ref batch.Next;
            isSound = bytes.TryNext(ref record) && (ulong)record.Offset <= (uint)_lastDelta;
            if (!isSound)
            {
                break;
            }

            _left--;
            record.Offset += _baseOffset;
            record.TimestampMs = _appendTime ?? unchecked(_baseTimestamp + record.TimestampMs);
            if (record.Offset >= Offset)
            {
                Offset = record.Offset + 1;
                batch.Keep();
            }
        }

        _at = bytes.Position;
        isSound = isSound && (_left > 0 || _at == _records.Length);
        if (isSound && _left == 0)
        {
            Offset = Math.Max(Offset, _baseOffset + _lastDelta + 1);
        }

        if (!isSound)
        {
            // What is before it is good, and is handed out; the next look meets the fault.
            _isBroken = true;
            _left = Math.Max(_left, 1);
        }

        if (batch.Count > 0)
        {
            return true;
        }

        batch.DisposeEmpty();
        batch = null;
        return false;
    }

    private void Demand(RecordBatchFault fault)
    {
        if (fault != RecordBatchFault.None)
        {
            throw new CorruptRecordException($"{fault.Describe()} (behind offset {Offset})");
        }
    }
}

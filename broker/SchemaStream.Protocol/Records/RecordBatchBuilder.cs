using System.Buffers;
using System.Text;

namespace SchemaStream.Protocol.Records;

/// <summary>
/// Builds one batch: for internal topics, markers and tests. It can be used again after <see cref="Reset"/>, and keeps
/// its buffer then.
/// </summary>
public sealed class RecordBatchBuilder
{
    private const int LargestVarlong = 10;

    private readonly ArrayBufferWriter<byte> _records = new();
    private long _baseTimestamp;
    private long _maxTimestamp = RecordBatchHeader.NoTimestamp;

    public long BaseOffset { get; init; }

    public int PartitionLeaderEpoch { get; init; } = RecordBatchHeader.NoPartitionLeaderEpoch;

    public long ProducerId { get; init; } = RecordBatchHeader.NoProducerId;

    public short ProducerEpoch { get; init; } = RecordBatchHeader.NoProducerEpoch;

    public int BaseSequence { get; init; } = RecordBatchHeader.NoSequence;

    public bool IsTransactional { get; init; }

    public bool IsControlBatch { get; init; }

    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>Needed as soon as <see cref="Compression"/> is not <see cref="CompressionType.None"/>.</summary>
    public RecordCompressor? Compressor { get; init; }

    public int RecordCount { get; private set; }

    /// <summary>Adds a record. Mind that a null <c>byte[]</c> variable converts to empty memory: pass a literal null.</summary>
    public RecordBatchBuilder Add(
        long timestamp,
        ReadOnlyMemory<byte>? key,
        ReadOnlyMemory<byte>? value,
        IReadOnlyList<RecordHeader>? headers = null)
    {
        if (RecordCount == 0)
        {
            _baseTimestamp = timestamp;
        }

        var timestampDelta = timestamp - _baseTimestamp;
        var body = sizeof(byte) + SizeOfVarlong(timestampDelta) + SizeOfVarlong(RecordCount)
            + SizeOfField(key) + SizeOfField(value) + SizeOfHeaders(headers);
        WriteVarlong(body);
        WriteByte(0);
        WriteVarlong(timestampDelta);
        WriteVarlong(RecordCount);
        WriteField(key);
        WriteField(value);
        WriteVarlong(headers?.Count ?? 0);
        foreach (var header in headers ?? [])
        {
            WriteField(Encoding.UTF8.GetBytes(header.Key));
            WriteField(header.Value);
        }

        RecordCount++;
        _maxTimestamp = Math.Max(_maxTimestamp, timestamp);
        return this;
    }

    /// <summary>The batch as bytes of its own.</summary>
    public byte[] Build()
    {
        var output = new ArrayBufferWriter<byte>(RecordBatchHeader.Size + _records.WrittenCount);
        Build(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the batch, which has to fit into what <paramref name="output"/> holds contiguously.</summary>
    public void Build(IBufferWriter<byte> output)
    {
        var records = _records.WrittenSpan;
        if (Compression != CompressionType.None)
        {
            var compressed = new ArrayBufferWriter<byte>();
            var compressor = Compressor
                ?? throw new InvalidOperationException($"A batch compressed with {Compression} needs a compressor.");
            compressor(Compression, records, compressed);
            records = compressed.WrittenSpan;
        }

        var size = RecordBatchHeader.Size + records.Length;
        var batch = output.GetSpan(size)[..size];
        records.CopyTo(batch[RecordBatchHeader.Size..]);
        WriteHeader(batch);
        output.Advance(size);
    }

    public void Reset()
    {
        _records.ResetWrittenCount();
        RecordCount = 0;
        _baseTimestamp = 0;
        _maxTimestamp = RecordBatchHeader.NoTimestamp;
    }

    private static int SizeOfVarlong(long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        var size = 1;
        for (; zigzag >= 0x80; zigzag >>= 7)
        {
            size++;
        }

        return size;
    }

    private static int SizeOfField(ReadOnlyMemory<byte>? field) =>
        field is { } bytes ? SizeOfVarlong(bytes.Length) + bytes.Length : 1;

    private static int SizeOfHeaders(IReadOnlyList<RecordHeader>? headers)
    {
        var size = SizeOfVarlong(headers?.Count ?? 0);
        foreach (var header in headers ?? [])
        {
            var keyBytes = Encoding.UTF8.GetByteCount(header.Key);
            size += SizeOfVarlong(keyBytes) + keyBytes + SizeOfField(header.Value);
        }

        return size;
    }

    private void WriteHeader(Span<byte> batch) => new NewRecordBatch(Compression, RecordCount, _baseTimestamp, _maxTimestamp)
    {
        BaseOffset = BaseOffset,
        PartitionLeaderEpoch = PartitionLeaderEpoch,
        ProducerId = ProducerId,
        ProducerEpoch = ProducerEpoch,
        BaseSequence = BaseSequence,
        IsTransactional = IsTransactional,
        IsControlBatch = IsControlBatch,
    }.WriteTo(batch);

    private void WriteByte(byte value)
    {
        _records.GetSpan(1)[0] = value;
        _records.Advance(1);
    }

    private void WriteVarlong(long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        var span = _records.GetSpan(LargestVarlong);
        var length = 0;
        for (; zigzag >= 0x80; zigzag >>= 7)
        {
            span[length++] = (byte)(zigzag | 0x80);
        }

        span[length++] = (byte)zigzag;
        _records.Advance(length);
    }

    private void WriteField(ReadOnlyMemory<byte>? field)
    {
        if (field is not { } bytes)
        {
            WriteVarlong(-1);
            return;
        }

        WriteVarlong(bytes.Length);
        bytes.Span.CopyTo(_records.GetSpan(bytes.Length));
        _records.Advance(bytes.Length);
    }
}

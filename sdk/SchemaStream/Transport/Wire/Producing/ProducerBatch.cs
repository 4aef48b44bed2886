using System.Buffers;
using System.Numerics;
using System.Text;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;
using SchemaStream.Transport.Wire.Fetching;
using BatchCompression = SchemaStream.Protocol.Records.CompressionType;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>
/// Records of one partition that go together, in the form in which they are sent: a record's bytes are copied once, to
/// where the socket takes them from. Used again; a steady stream allocates nothing here.
/// </summary>
/// <remarks>
/// Its life: open (records are added), waiting (none is), in flight once or again, settled. <see cref="Seal"/> is called
/// between waiting and in flight, by the one who sends it; all else happens under the producer's lock.
/// </remarks>
internal sealed class ProducerBatch
{
    private const int Null = -1;
    private const int FirstBytes = 16 * 1024;

    /// <summary>A record's own bytes besides key, value and headers, at most: length, attributes, time, offset, three lengths.</summary>
    public const int MostOverhead = 5 + 1 + 10 + 5 + 5 + 5 + 5;

    private const int MostOverheadOfHeader = 5 + 5;

    /// <summary>Room among the places of batches, for the pieces of one that must be split.</summary>
    private const long PlacesEach = 1L << 20;

    private readonly List<(int Index, Delivery Delivery)> _deliveries = [];
    private readonly PooledOutput _compressed = new();
    private ReadOnlyMemory<byte> _payload;
    private byte[]? _payloadArray;
    private byte[] _bytes = [];
    private int _end;
    private long _baseTimestampMs;
    private long _maxTimestampMs;

    /// <summary>How many records it holds.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes, before compression.</summary>
    public int Length => _end;

    /// <summary>How much room its records have claimed.</summary>
    public long ClaimedBytes { get; private set; }

    /// <summary>When its first record came.</summary>
    public long BegunAtMs { get; private set; }

    /// <summary>Where it stands among the batches of its partition.</summary>
    public long Place { get; private set; }

    /// <summary>Places from its own on that are its alone.</summary>
    public long Places { get; private set; }

    /// <summary>Whether it was sent: its sequences are used up then, unless the brokers refuse them.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether a broker may have it, whatever was heard.</summary>
    public bool MayBeThere { get; set; }

    /// <summary>Who still looks at it: the queue that it is in or its teller, or both.</summary>
    public int Holders { get; set; }

    /// <summary>Whether its senders know what became of it, though its answer is still to come.</summary>
    public bool IsTold { get; set; }

    /// <summary>The sequence of its first record; <see cref="RecordBatchHeader.NoSequence"/> before it has one.</summary>
    public int Sequence { get; set; } = RecordBatchHeader.NoSequence;

    /// <summary>Under which it is numbered.</summary>
    public ProducerIdentity Identity { get; set; } = ProducerIdentity.None;

    /// <summary>Those who wait for one of its records, by its place in the batch.</summary>
    public IReadOnlyList<(int Index, Delivery Delivery)> Deliveries => _deliveries;

    /// <summary>The most bytes that a record can take in a batch.</summary>
    public static int SizeOf(EncodedRecord record)
    {
        var size = (long)MostOverhead + record.Key.Length + record.Value.Length;
        if (record.Headers is { } headers)
        {
            foreach (var header in headers)
            {
                size += MostOverheadOfHeader + Encoding.UTF8.GetByteCount(header.Name) + header.Value.GetValueOrDefault().Length;
            }
        }

        return (int)Math.Min(size, int.MaxValue);
    }

    /// <summary>Begins anew.</summary>
    public void Begin(long nowMs)
    {
        if (_bytes.Length == 0)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
        }

        (Count, ClaimedBytes, BegunAtMs, Place, Places, Attempts) = (0, 0, nowMs, 0, 0, 0);
        (MayBeThere, IsTold, Holders) = (false, false, 1);
        (Sequence, Identity) = (RecordBatchHeader.NoSequence, ProducerIdentity.None);
        _end = RecordBatchHeader.Size;
        _deliveries.Clear();
        DropPayload();
    }

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record; its bytes are copied.</param>
    /// <param name="size">Its <see cref="SizeOf"/>.</param>
    /// <param name="timestampMs">Its time.</param>
    /// <param name="delivery">Who waits for it; null for no one.</param>
    public void Add(EncodedRecord record, int size, long timestampMs, Delivery? delivery)
    {
        Reserve(size);
        var timeDelta = Date(timestampMs);
        var key = record.Key;
        var value = record.Value;
        var headersLength = record.Headers is null ? 1 : SizeOfHeaders(record.Headers);
        var writer = new VarintWriter(_bytes, _end);
        writer.Write(
            1 + SizeOfVarlong(timeDelta) + SizeOfVarint(Count) + SizeOfVarint(record.KeyLength) + key.Length
            + SizeOfVarint(record.ValueLength) + value.Length + headersLength);
        writer.WriteByte(0);
        writer.WriteLong(timeDelta);
        writer.Write(Count);
        writer.Write(record.KeyLength);
        writer.Write(key);
        writer.Write(record.ValueLength);
        writer.Write(value);
        if (record.Headers is { } headers)
        {
            WriteHeaders(ref writer, headers);
        }
        else
        {
            writer.WriteByte(0);
        }

        End(writer.Position, size, delivery);
    }

    /// <summary>No record is added from here on.</summary>
    /// <param name="turn">The how many-th batch of its producer it is.</param>
    public void Close(long turn) => (Place, Places) = (turn * PlacesEach, PlacesEach);

    /// <summary>Makes the bytes to send, with the numbers that it has now; they stay what they are until it is settled or sent again.</summary>
    /// <param name="compression">The codec.</param>
    public ReadOnlyMemory<byte> Seal(BatchCompression compression)
    {
        if (_payload.IsEmpty)
        {
            _payload = _bytes.AsMemory(0, _end);
            if (compression != BatchCompression.None)
            {
                Compress(compression);
            }
        }

        var isCompressed = _payloadArray is not null;
        new NewRecordBatch(isCompressed ? compression : BatchCompression.None, Count, _baseTimestampMs, _maxTimestampMs)
        {
            ProducerId = Identity.Id, ProducerEpoch = Identity.Epoch, BaseSequence = Sequence,
        }.WriteTo((_payloadArray ?? _bytes).AsSpan(0, _payload.Length));
        return _payload;
    }

    /// <summary>Divides its records between two batches that are empty, for a broker that finds it too large.</summary>
    public void SplitInto(ProducerBatch first, ProducerBatch second)
    {
        var split = Count / 2;
        var records = new KafkaReader(_bytes.AsMemory(RecordBatchHeader.Size, _end - RecordBatchHeader.Size));
        for (var index = 0; index < Count; index++)
        {
            var end = records.ReadVarint();
            end += records.Position;
            records.ReadInt8(); // attributes, which are none
            var timestampMs = _baseTimestampMs + records.ReadVarlong();
            records.ReadVarint(); // its offset in this batch
            (index < split ? first : second).Add(timestampMs, records.ReadRaw(end - records.Position).Span);
        }

        foreach (var (place, delivery) in _deliveries)
        {
            (place < split ? first : second)._deliveries.Add((place < split ? place : place - split, delivery));
        }

        (first.ClaimedBytes, second.ClaimedBytes) = (ClaimedBytes / 2, ClaimedBytes - (ClaimedBytes / 2));
        (first.Place, first.Places) = (Place, Places / 2);
        (second.Place, second.Places) = (Place + (Places / 2), Places / 2);
        (first.Identity, second.Identity) = (Identity, Identity);
        (first.Attempts, second.Attempts) = (Attempts, Attempts);
        if (Sequence != RecordBatchHeader.NoSequence)
        {
            (first.Sequence, second.Sequence) = (Sequence, RecordBatchHeader.AddToSequence(Sequence, split));
        }
    }

    /// <summary>Gives its memory back.</summary>
    public void Release()
    {
        DropPayload();
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }

        _deliveries.Clear();
    }

    private static int SizeOfHeaders(RecordHeaders headers)
    {
        var size = SizeOfVarint(headers.Count);
        foreach (var header in headers)
        {
            var name = Encoding.UTF8.GetByteCount(header.Name);
            var value = header.Value is { } bytes ? bytes.Length : Null;
            size += SizeOfVarint(name) + name + SizeOfVarint(value) + Math.Max(value, 0);
        }

        return size;
    }

    private static void WriteHeaders(ref VarintWriter writer, RecordHeaders headers)
    {
        writer.Write(headers.Count);
        foreach (var header in headers)
        {
            writer.Write(header.Name);
            if (header.Value is { } value)
            {
                writer.Write(value.Length);
                writer.Write(value.Span);
            }
            else
            {
                writer.Write(Null);
            }
        }
    }

    /// <summary>Bytes of a zigzag varint: seven bits each.</summary>
    private static int SizeOfVarint(int value) => (BitOperations.Log2((uint)((value << 1) ^ (value >> 31)) | 1) / 7) + 1;

    private static int SizeOfVarlong(long value) => (BitOperations.Log2((ulong)((value << 1) ^ (value >> 63)) | 1) / 7) + 1;

    /// <summary>Adds a record as it stood in another batch: another time and offset before the same key, value and headers.</summary>
    private void Add(long timestampMs, ReadOnlySpan<byte> keyAndLater)
    {
        Reserve(MostOverhead + keyAndLater.Length);
        var timeDelta = Date(timestampMs);
        var writer = new VarintWriter(_bytes, _end);
        writer.Write(1 + SizeOfVarlong(timeDelta) + SizeOfVarint(Count) + keyAndLater.Length);
        writer.WriteByte(0);
        writer.WriteLong(timeDelta);
        writer.Write(Count);
        writer.Write(keyAndLater);
        End(writer.Position, 0, delivery: null);
    }

    /// <returns>How much later than the first record's a time is.</returns>
    private long Date(long timestampMs)
    {
        if (Count == 0)
        {
            (_baseTimestampMs, _maxTimestampMs) = (timestampMs, timestampMs);
        }

        _maxTimestampMs = Math.Max(_maxTimestampMs, timestampMs);
        return timestampMs - _baseTimestampMs;
    }

    private void End(int end, int size, Delivery? delivery)
    {
        _end = end;
        ClaimedBytes += size;
        if (delivery is not null)
        {
            _deliveries.Add((Count, delivery));
        }

        Count++;
    }

    private void Compress(BatchCompression compression)
    {
        _compressed.Begin(RecordBatchHeader.Size + (_end / 2));
        _compressed.GetSpan(RecordBatchHeader.Size);
        _compressed.Advance(RecordBatchHeader.Size);
        RecordCompression.Compress(compression, _bytes.AsSpan(RecordBatchHeader.Size.._end), _compressed);
        var array = _compressed.Take(out var written);
        if (written.Length < _end)
        {
            (_payloadArray, _payload) = (array, array.AsMemory(0, written.Length));
        }
        else
        {
            ArrayPool<byte>.Shared.Return(array); // it would grow
        }
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - _end >= size)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_end + size), 2 * _bytes.Length));
        _bytes.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    private void DropPayload()
    {
        _payload = default;
        if (_payloadArray is { } array)
        {
            _payloadArray = null;
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}

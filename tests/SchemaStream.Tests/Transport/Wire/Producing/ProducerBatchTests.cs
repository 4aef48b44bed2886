using System.Buffers;
using SchemaStream.Compression;
using SchemaStream.Protocol.Records;
using SchemaStream.Transport.Wire.Producing;
using BatchCompression = SchemaStream.Protocol.Records.CompressionType;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>Records become the bytes of a batch as anyone reads them.</summary>
public sealed class ProducerBatchTests
{
    private static readonly byte[] Long = [.. Enumerable.Range(0, 100_000).Select(n => (byte)(n / 100))];

    private static readonly (byte[]? Key, byte[]? Value, long TimeMs, RecordHeaders? Headers)[] Several =
    [
        ([1, 2], [3], 1_700_000_000_000, null),
        (null, [], 1_699_999_999_000, new RecordHeaders().Add("a", "ä").Add("b", (ReadOnlyMemory<byte>?)null)),
        ([], null, 1_700_000_100_000, null),
        (new byte[300], Long, 1_700_000_000_001, new RecordHeaders().Add("", Long)),
    ];

    [Theory]
    [InlineData(BatchCompression.None)]
    [InlineData(BatchCompression.Gzip)]
    [InlineData(BatchCompression.Snappy)]
    [InlineData(BatchCompression.Lz4)]
    [InlineData(BatchCompression.Zstd)]
    public void Seal_GivesBackWhatWasAdded(BatchCompression compression)
    {
        var batch = Filled();
        (batch.Identity, batch.Sequence) = (new ProducerIdentity(7, 3), 12);

        var bytes = batch.Seal(compression).ToArray();

        var header = new RecordBatchHeader(bytes);
        (header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.RecordCount).ShouldBe((7L, (short)3, 12, Several.Length));
        (header.Compression, header.SizeInBytes, header.MaxTimestamp).ShouldBe((compression, bytes.Length, 1_700_000_100_000));
        RecordBatches.Validate(bytes, out _).ShouldBe(RecordBatchFault.None);
        ShouldHold(bytes, 0, Several.Length);
    }

    [Fact]
    public void Seal_Again_HasTheNumbersOfThen()
    {
        var batch = Filled();
        (batch.Identity, batch.Sequence) = (new ProducerIdentity(7, 3), 12);
        batch.Seal(BatchCompression.Gzip);

        (batch.Identity, batch.Sequence) = (new ProducerIdentity(7, 4), 0);
        var bytes = batch.Seal(BatchCompression.Gzip).ToArray();

        var header = new RecordBatchHeader(bytes);
        (header.ProducerEpoch, header.BaseSequence).ShouldBe(((short)4, 0));
        RecordBatches.Validate(bytes, out _).ShouldBe(RecordBatchFault.None);
        ShouldHold(bytes, 0, Several.Length);
    }

    [Fact]
    public void Split_GivesHalves_WhoseNumbersAreTheWholes()
    {
        var (batch, first, second) = (Filled(), Begun(), Begun());
        (batch.Identity, batch.Sequence) = (new ProducerIdentity(7, 3), 12);

        batch.SplitInto(first, second);

        ((first.Sequence, first.Count), (second.Sequence, second.Count)).ShouldBe(((12, 2), (14, 2)));
        first.Place.ShouldBeLessThan(second.Place);
        (first.ClaimedBytes + second.ClaimedBytes).ShouldBe(batch.ClaimedBytes);
        ShouldHold(first.Seal(BatchCompression.None).ToArray(), 0, 2);
        ShouldHold(second.Seal(BatchCompression.None).ToArray(), 2, 2);
    }

    [Fact]
    public void SizeOf_IsNeverTooSmall()
    {
        foreach (var (key, value, timeMs, headers) in Several)
        {
            var record = Records.Of(key, value, new RecordOptions { Headers = headers });
            var batch = Begun();
            batch.Add(record, ProducerBatch.SizeOf(record), timeMs, delivery: null);

            (batch.Length - RecordBatchHeader.Size).ShouldBeLessThanOrEqualTo(ProducerBatch.SizeOf(record));
        }
    }

    private static ProducerBatch Begun()
    {
        var batch = new ProducerBatch();
        batch.Begin(nowMs: 0);
        return batch;
    }

    private static ProducerBatch Filled()
    {
        var batch = Begun();
        foreach (var (key, value, timeMs, headers) in Several)
        {
            var record = Records.Of(key, value, new RecordOptions { Headers = headers });
            batch.Add(record, ProducerBatch.SizeOf(record), timeMs, delivery: null);
        }

        batch.Close(turn: 5);
        return batch;
    }

    private static void ShouldHold(byte[] bytes, int from, int count)
    {
        var header = new RecordBatchHeader(bytes);
        var records = new ArrayBufferWriter<byte>();
        RecordCompression.Decompress(header.Compression, bytes.AsSpan(RecordBatchHeader.Size), records, 10_000_000);
        var index = from;
        foreach (var record in new RecordBatchReader(header, records.WrittenSpan))
        {
            var (key, value, timeMs, headers) = Several[index];
            record.OffsetDelta.ShouldBe(index - from);
            record.Timestamp.ShouldBe(timeMs);
            (record.HasKey ? record.Key.ToArray() : null).ShouldBe(key);
            (record.HasValue ? record.Value.ToArray() : null).ShouldBe(value);
            record.Headers.Count.ShouldBe(headers?.Count ?? 0);
            var at = 0;
            foreach (var read in record.Headers)
            {
                var expected = headers![at++];
                System.Text.Encoding.UTF8.GetString(read.Key).ShouldBe(expected.Name);
                (read.HasValue ? read.Value.ToArray() : null).ShouldBe(expected.Value?.ToArray());
            }

            index++;
        }

        index.ShouldBe(from + count);
    }
}

using System.Buffers;
using System.Text;
using SchemaStream.Protocol.Checksums;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Protocol.Tests.Records;

public sealed class RecordBatchTests
{
    [Fact]
    public void Build_OfOneRecord_IsKafkasLayoutByteForByte()
    {
        var batch = new RecordBatchBuilder { BaseOffset = 5, PartitionLeaderEpoch = 3 }
            .Add(1000, "k"u8.ToArray(), "v1"u8.ToArray(), [new RecordHeader("h", "x"u8.ToArray())])
            .Build();

        // Record: length, attributes, timestamp delta, offset delta, key, value, one header; all lengths zigzag.
        const string record = "1A" + "00" + "00" + "00" + "026B" + "047631" + "02" + "0268" + "0278";
        const string covered = "0000" + "00000000" + "00000000000003E8" + "00000000000003E8"
            + "FFFFFFFFFFFFFFFF" + "FFFF" + "FFFFFFFF" + "00000001" + record;
        var crc = Crc32C.Compute(Convert.FromHexString(covered)).ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
        var length = (9 + (covered.Length / 2)).ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
        Convert.ToHexString(batch).ShouldBe("0000000000000005" + length + "00000003" + "02" + crc + covered);
    }

    [Fact]
    public void Header_OfABuiltBatch_HasEveryField()
    {
        var batch = new RecordBatchBuilder
        {
            BaseOffset = 40,
            PartitionLeaderEpoch = 7,
            ProducerId = 99,
            ProducerEpoch = 4,
            BaseSequence = int.MaxValue,
            IsTransactional = true,
        }.Add(100, null, "a"u8.ToArray()).Add(90, null, null).Add(300, "k"u8.ToArray(), null).Build();

        var header = new RecordBatchHeader(batch);

        header.BaseOffset.ShouldBe(40);
        header.LastOffset.ShouldBe(42);
        header.NextOffset.ShouldBe(43);
        header.SizeInBytes.ShouldBe(batch.Length);
        header.PartitionLeaderEpoch.ShouldBe(7);
        header.Magic.ShouldBe((sbyte)2);
        header.Compression.ShouldBe(CompressionType.None);
        header.TimestampType.ShouldBe(TimestampType.CreateTime);
        header.IsTransactional.ShouldBeTrue();
        header.IsControlBatch.ShouldBeFalse();
        header.BaseTimestamp.ShouldBe(100);
        header.MaxTimestamp.ShouldBe(300);
        header.ProducerId.ShouldBe(99);
        header.ProducerEpoch.ShouldBe((short)4);
        header.BaseSequence.ShouldBe(int.MaxValue);
        header.LastSequence.ShouldBe(1, "sequences wrap to 0");
        header.RecordCount.ShouldBe(3);
    }

    [Fact]
    public void Reader_OfABuiltBatch_GivesTheRecordsBack()
    {
        var batch = new RecordBatchBuilder { BaseOffset = 10 }
            .Add(1000, "key"u8.ToArray(), "value"u8.ToArray(), [new RecordHeader("a", null), new RecordHeader("b", Array.Empty<byte>())])
            .Add(900, null, null)
            .Add(5_000_000_000_000, Array.Empty<byte>(), new byte[300])
            .Build();

        var read = new List<string>();
        foreach (var record in RecordBatchReader.OfUncompressed(batch))
        {
            var headers = new StringBuilder();
            foreach (var header in record.Headers)
            {
                headers.Append(Encoding.UTF8.GetString(header.Key)).Append(header.HasValue ? '+' : '-');
            }

            var key = record.HasKey ? Encoding.UTF8.GetString(record.Key) : "null";
            read.Add($"{record.Offset} {record.Timestamp} {key} {(record.HasValue ? record.Value.Length : -1)} {headers}");
        }

        read.ShouldBe(["10 1000 key 5 a-b+", "11 900 null -1 ", "12 5000000000000  300 "]);
    }

    [Fact]
    public void Reader_WithLogAppendTime_GivesEveryRecordTheBrokersTime()
    {
        var batch = new RecordBatchBuilder().Add(1, null, null).Add(2, null, null).Build();
        RecordBatchHeader.WriteMaxTimestamp(batch, TimestampType.LogAppendTime, 777);

        RecordBatches.Validate(batch, out _).ShouldBe(RecordBatchFault.None, "the checksum was made anew");
        foreach (var record in RecordBatchReader.OfUncompressed(batch))
        {
            record.Timestamp.ShouldBe(777);
        }
    }

    [Fact]
    public void WriteBaseOffsetAndLeaderEpoch_LeaveTheChecksumValid()
    {
        var batch = Batch(3);

        RecordBatchHeader.WriteBaseOffset(batch, 123456789);
        RecordBatchHeader.WritePartitionLeaderEpoch(batch, 42);

        RecordBatches.Validate(batch, out var size).ShouldBe(RecordBatchFault.None);
        size.ShouldBe(batch.Length);
        new RecordBatchHeader(batch).BaseOffset.ShouldBe(123456789);
    }

    [Fact]
    public void Split_OfTwoBatches_GivesSlicesOfTheInput()
    {
        byte[] input = [.. Batch(1), .. Batch(2)];

        var batches = RecordBatches.Split(input).ToList();

        batches.Select(batch => batch.Header.RecordCount).ShouldBe([1, 2]);
        batches.Sum(batch => batch.Memory.Length).ShouldBe(input.Length);
    }

    [Fact]
    public void Build_WithACompressor_StoresWhatItMadeOfTheRecords()
    {
        var batch = new RecordBatchBuilder
        {
            Compression = CompressionType.Lz4,
            Compressor = (_, records, output) => output.Write(records.ToArray().Reverse().ToArray()),
        }.Add(1, null, "v"u8.ToArray()).Build();

        var header = new RecordBatchHeader(batch);
        header.Compression.ShouldBe(CompressionType.Lz4);
        RecordBatches.Validate(batch, out _).ShouldBe(RecordBatchFault.None);
        var records = batch.AsSpan(RecordBatchHeader.Size).ToArray().Reverse().ToArray();
        var reader = new RecordBatchReader(header, records);
        reader.MoveNext().ShouldBeTrue();
        reader.Current.Value.ToArray().ShouldBe("v"u8.ToArray());
        reader.MoveNext().ShouldBeFalse();
    }

    [Fact]
    public void Reader_EnumeratesWithoutAllocating()
    {
        var batch = Batch(1000);
        Sum(batch);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Sum(batch);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    internal static byte[] Batch(int records)
    {
        var builder = new RecordBatchBuilder();
        for (var i = 0; i < records; i++)
        {
            builder.Add(1000 + i, "key"u8.ToArray(), Encoding.UTF8.GetBytes($"value {i}"));
        }

        return builder.Build();
    }

    private static long Sum(byte[] batch)
    {
        long sum = 0;
        foreach (var record in RecordBatchReader.OfUncompressed(batch))
        {
            sum += record.Value.Length + record.Offset;
        }

        return sum;
    }
}

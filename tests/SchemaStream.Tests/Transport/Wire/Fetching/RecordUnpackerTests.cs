using SchemaStream.Compression;
using SchemaStream.Protocol.Records;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Fetching;
using static SchemaStream.Tests.Transport.Wire.Fetching.WireBatches;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>From a broker's bytes to records, whatever the bytes are.</summary>
public sealed class RecordUnpackerTests
{
    private static IEnumerable<(long, string)> Offsets(params IEnumerable<long>[] ranges) =>
        ranges.SelectMany(range => range).Select(offset => (offset, $"{offset}"));

    private static IEnumerable<long> Range(long from, int count) => Enumerable.Range(0, count).Select(index => from + index);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Batches_OfAnyCodec_GiveTheirRecordsInOrder(byte codec)
    {
        var compression = (Protocol.Records.CompressionType)codec;
        var bytes = Join(Batch(10, 3, compression), Batch(13, 2000, compression), Batch(2013, 1));

        Unpack(bytes, from: 10).ShouldBe(Offsets(Range(10, 2004)));
    }

    [Fact]
    public void BatchThatBeginsBeforeTheOffset_GivesWhatIsFromThereOn()
    {
        Unpack(Join(Batch(0, 10), Batch(10, 10)), from: 17).ShouldBe(Offsets(Range(17, 3)));
    }

    [Fact]
    public void Gaps_OfACompactedTopic_ArePassedOver()
    {
        Unpack(Join(Batch(5, 1), Batch(100, 2)), from: 2).ShouldBe(Offsets(Range(5, 1), Range(100, 2)));
    }

    [Fact]
    public void EmptyBatch_ThatCompactionHasLeft_IsPassedOver()
    {
        var empty = Batch(3, 1)[..RecordBatchHeader.Size];
        RecordBatchHeader.WriteCompacted(empty, recordCount: 0, maxTimestamp: -1, deleteHorizonMs: null);

        Unpack(Join(Batch(0, 3), empty, Batch(4, 1))).ShouldBe(Offsets(Range(0, 3), Range(4, 1)));
    }

    [Fact]
    public void ControlRecords_AreNotHandedOut()
    {
        var bytes = Join(Batch(0, 2, producerId: 7), Marker(2, 7, isCommit: true), Batch(3, 1));

        Unpack(bytes).ShouldBe(Offsets(Range(0, 2), Range(3, 1)));
        Unpack(bytes, settings: new FetchSettings { ReadsCommitted = false }).ShouldBe(Offsets(Range(0, 2), Range(3, 1)));
    }

    [Fact]
    public void RecordsOfAnAbortedTransaction_AreLeftOut_UntilItsMarker()
    {
        var bytes = Join(
            Batch(0, 2, producerId: 7), Batch(2, 2, producerId: 8), Batch(4, 1, producerId: 7), Marker(5, 7, isCommit: false),
            Batch(6, 1, producerId: 7), Marker(7, 8, isCommit: true), Batch(8, 1), Marker(9, 7, isCommit: true));

        Unpack(bytes, 0, null, new AbortedRange(7, 0)).ShouldBe(Offsets(Range(2, 2), Range(6, 1), Range(8, 1)));
        Unpack(bytes, 0, new FetchSettings { ReadsCommitted = false }, new AbortedRange(7, 0))
            .ShouldBe(Offsets(Range(0, 5), Range(6, 1), Range(8, 1)));
    }

    [Fact]
    public void SecondTransaction_OfAProducerWhoseFirstWasAborted_IsLeftOutFromItsOwnOffsetOn()
    {
        var bytes = Join(
            Batch(0, 1, producerId: 7), Marker(1, 7, isCommit: false), Batch(2, 1, producerId: 7), Marker(3, 7, isCommit: true),
            Batch(4, 1, producerId: 7), Marker(5, 7, isCommit: false));

        Unpack(bytes, 0, null, new AbortedRange(7, 0), new AbortedRange(7, 4)).ShouldBe(Offsets(Range(2, 1)));
    }

    [Fact]
    public void Records_KeepTheirTimesKeysNullsAndHeaders()
    {
        var bytes = new RecordBatchBuilder { BaseOffset = 4 }
            .Add(StartTimeMs, "key"u8.ToArray(), "value"u8.ToArray(), [new Protocol.Records.RecordHeader("a", "1"u8.ToArray()), new("b", null)])
            .Add(StartTimeMs + 5, null, null)
            .Add(StartTimeMs - 5, Array.Empty<byte>(), Array.Empty<byte>())
            .Build();
        var unpacker = new RecordUnpacker(new FetchSettings());
        unpacker.Begin(new FetchedRecords(
            new PartitionCursor(new AssignedPartition("notes", 3)), bytes, new FetchedMemory([]), null) { Offset = 4 });

        unpacker.TryNext(out var batch).ShouldBeTrue();

        batch!.Count.ShouldBe(3);
        batch.Read(0).Partition.Name.Partition.ShouldBe(3);
        batch.Read(0).TimestampMs.ShouldBe(StartTimeMs);
        batch.Read(0).Key.SequenceEqual("key"u8).ShouldBeTrue();
        var headers = batch.ReadHeaders(0)!;
        headers.Count.ShouldBe(2);
        headers["a"]!.Value.AsText().ShouldBe("1");
        headers["b"]!.Value.Value.ShouldBeNull();
        batch.Read(1).HasKey.ShouldBeFalse();
        batch.Read(1).HasValue.ShouldBeFalse();
        batch.Read(1).TimestampMs.ShouldBe(StartTimeMs + 5);
        batch.ReadHeaders(1).ShouldBeNull();
        batch.Read(2).HasKey.ShouldBeTrue();
        batch.Read(2).HasValue.ShouldBeTrue();
        batch.Read(2).TimestampMs.ShouldBe(StartTimeMs - 5);
        batch.Dispose();
        batch.Dispose(); // harmless
        unpacker.TryNext(out _).ShouldBeFalse();
        unpacker.Offset.ShouldBe(7);
        unpacker.Drop();
    }

    [Fact]
    public void AppendTime_IsThatOfTheBatch()
    {
        var bytes = Batch(0, 2);
        RecordBatchHeader.WriteMaxTimestamp(bytes, TimestampType.LogAppendTime, StartTimeMs + 99);
        var unpacker = new RecordUnpacker(new FetchSettings());
        unpacker.Begin(new FetchedRecords(new PartitionCursor(new AssignedPartition("notes", 0)), bytes, new FetchedMemory([]), null));

        unpacker.TryNext(out var batch).ShouldBeTrue();
        batch!.Read(0).TimestampMs.ShouldBe(StartTimeMs + 99);
        batch.Read(1).TimestampMs.ShouldBe(StartTimeMs + 99);
        batch.Dispose();
        unpacker.Drop();
    }

    [Fact]
    public void DamagedBatch_IsRefusedByItsChecksum_UnlessThatIsNotAskedFor()
    {
        var bytes = Batch(0, 2);
        bytes[^2] ^= 1; // the last value's digit

        Should.Throw<CorruptRecordException>(() => Unpack(bytes)).Message.ShouldContain("CRC");
        Unpack(bytes, settings: new FetchSettings { ChecksCrcs = false }).Count.ShouldBe(2);
    }

    [Fact]
    public void BatchesThatWereCheckedOnTheirArrival_AreNotCheckedAgain_ThoseBehindThemAre()
    {
        var (first, second) = (Batch(0, 2), Batch(2, 2));
        first[^2] ^= 1;
        second[^2] ^= 1;
        var unpacker = new RecordUnpacker(new FetchSettings());
        unpacker.Begin(new FetchedRecords(
            new PartitionCursor(new AssignedPartition("notes", 0)), Join(first, second), new FetchedMemory([]), null)
        {
            SoundBytes = first.Length,
        });
        unpacker.TryNext(out var batch).ShouldBeTrue();
        batch!.Count.ShouldBe(2);
        batch.Dispose();
        Should.Throw<CorruptRecordException>(() => unpacker.TryNext(out _)).Message.ShouldContain("CRC");
        unpacker.Drop();
    }

    [Fact]
    public void BatchThatUnpacksToMoreThanIsAllowed_IsRefused()
    {
        var builder = new RecordBatchBuilder
        {
            Compression = Protocol.Records.CompressionType.Zstd, Compressor = RecordCompression.Compress,
        };
        var bytes = builder.Add(0, null, new byte[1_000_000]).Build();
        bytes.Length.ShouldBeLessThan(10_000);

        Should.Throw<CompressionException>(() => Unpack(bytes, settings: new FetchSettings { MaxResponseBytes = 100_000 }));
    }

    [Fact]
    public void AnyBytes_GiveRecordsOrATypedException()
    {
        var random = new Random(4711);
        var sound = Join(Batch(0, 20), Batch(20, 5, Protocol.Records.CompressionType.Lz4), Batch(25, 3, Protocol.Records.CompressionType.Gzip));
        var settings = new FetchSettings { ChecksCrcs = false, MaxResponseBytes = 1_000_000 };
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = sound.ToArray();
            for (var changes = random.Next(1, 8); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Unpack(bytes, random.Next(30), settings);
            }
            catch (Exception refusal) when (refusal is CorruptRecordException or CompressionException)
            {
                // As it should.
            }
        }
    }
}

using System.Buffers.Binary;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Protocol.Tests.Records;

public sealed class RecordBatchValidationTests
{
    private static readonly ProducedBatchRules Rules = new();

    public static TheoryData<string, RecordBatchFault> Damages => new()
    {
        { "nothing", RecordBatchFault.None },
        { "empty", RecordBatchFault.Empty },
        { "cut", RecordBatchFault.Truncated },
        { "only a header", RecordBatchFault.Truncated },
        { "length beyond the end", RecordBatchFault.Truncated },
        { "length of a giant", RecordBatchFault.Truncated },
        { "negative length", RecordBatchFault.LengthTooSmall },
        { "magic 0", RecordBatchFault.OldMagic },
        { "magic 1", RecordBatchFault.OldMagic },
        { "magic 3", RecordBatchFault.UnknownMagic },
        { "flipped bit", RecordBatchFault.ChecksumMismatch },
        { "unknown codec", RecordBatchFault.UnknownCompression },
        { "count zero", RecordBatchFault.CountMismatch },
        { "count too high", RecordBatchFault.CountMismatch },
        { "count too low", RecordBatchFault.CountMismatch },
        { "negative last offset delta", RecordBatchFault.CountMismatch },
        { "control", RecordBatchFault.ControlBatch },
        { "transactional without producer", RecordBatchFault.TransactionalWithoutProducerId },
        { "producer without sequence", RecordBatchFault.InvalidSequence },
        { "record length", RecordBatchFault.MalformedRecord },
        { "record before its turn", RecordBatchFault.OffsetDeltaMismatch },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void ValidateProduced_OfADamagedBatch_NamesTheDamage(string damage, RecordBatchFault expected)
    {
        var input = Damage(damage);

        RecordBatches.ValidateProduced(input, Rules, out _, out _).ShouldBe(expected);
        expected.Describe().ShouldNotBe(expected.ToString());
    }

    [Fact]
    public void ValidateProduced_TellsTheNewestTimestampOfTheRecords()
    {
        var batch = new RecordBatchBuilder().Add(10, null, null).Add(30, null, null).Add(20, null, null).Build();

        RecordBatches.ValidateProduced(batch, Rules, out _, out var newest).ShouldBe(RecordBatchFault.None);

        newest.ShouldBe(30);
    }

    [Fact]
    public void ValidateProduced_HoldsTheTopicsRules()
    {
        var batch = new RecordBatchBuilder().Add(500, null, "v"u8.ToArray()).Build();

        Fault(Rules with { MaxMessageBytes = batch.Length }).ShouldBe(RecordBatchFault.None);
        Fault(Rules with { MaxMessageBytes = batch.Length - 1 }).ShouldBe(RecordBatchFault.TooLarge);
        Fault(Rules with { RequireKeys = true }).ShouldBe(RecordBatchFault.MissingKey);
        Fault(Rules with { MinTimestamp = 500, MaxTimestamp = 500 }).ShouldBe(RecordBatchFault.None);
        Fault(Rules with { MinTimestamp = 501 }).ShouldBe(RecordBatchFault.TimestampOutOfRange);
        Fault(Rules with { MaxTimestamp = 499 }).ShouldBe(RecordBatchFault.TimestampOutOfRange);

        RecordBatchFault Fault(ProducedBatchRules rules) => RecordBatches.ValidateProduced(batch, rules, out _, out _);
    }

    [Fact]
    public void Validate_OfACompactedBatch_AllowsGaps()
    {
        var batch = RecordBatchTests.Batch(3);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), 9);
        RecordBatchHeader.WriteCrc(batch);

        RecordBatches.Validate(batch, out _).ShouldBe(RecordBatchFault.None);
        RecordBatches.ValidateProduced(batch, Rules, out _, out _).ShouldBe(RecordBatchFault.CountMismatch);
    }

    [Fact]
    public void Validate_OfEveryTruncation_NeverThrows()
    {
        var batch = RecordBatchTests.Batch(2);
        for (var length = 0; length < batch.Length; length++)
        {
            RecordBatches.ValidateProduced(batch.AsSpan(0, length), Rules, out _, out _)
                .ShouldBe(length == 0 ? RecordBatchFault.Empty : RecordBatchFault.Truncated);
        }
    }

    [Fact]
    public void Validate_OfRandomlyDamagedRecordsWithAGoodChecksum_NeverThrows()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 20_000; round++)
        {
            var batch = RecordBatchTests.Batch(1 + random.Next(4));
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                batch[random.Next(RecordBatchHeader.Size, batch.Length)] = (byte)random.Next(256);
            }

            RecordBatchHeader.WriteCrc(batch);
            var fault = RecordBatches.ValidateProduced(batch, Rules, out _, out _);
            fault.ShouldBeOneOf(
                RecordBatchFault.None, RecordBatchFault.MalformedRecord, RecordBatchFault.OffsetDeltaMismatch);
        }
    }

    [Fact]
    public void Reader_OfMalformedRecords_ThrowsAndSaysWhere()
    {
        var batch = Damage("record length");

        var thrown = Should.Throw<CorruptRecordException>(() =>
        {
            foreach (var record in RecordBatchReader.OfUncompressed(batch))
            {
                record.Value.Length.ShouldBeGreaterThanOrEqualTo(0);
            }
        });

        thrown.Message.ShouldContain("record 0 of 2");
    }

    private static byte[] Damage(string damage)
    {
        var batch = RecordBatchTests.Batch(2);
        var hasGoodChecksum = true;
        switch (damage)
        {
            case "nothing":
                break;
            case "empty":
                return [];
            case "cut":
                return batch[..^1];
            case "only a header":
                return batch[..RecordBatchHeader.Size];
            case "length beyond the end":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length);
                break;
            case "length of a giant":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), int.MaxValue);
                break;
            case "negative length":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), -1);
                break;
            case "magic 0" or "magic 1" or "magic 3":
                batch[16] = (byte)(damage[^1] - '0');
                break;
            case "flipped bit":
                batch[^1] ^= 1;
                hasGoodChecksum = false;
                break;
            case "unknown codec":
                batch[22] |= 5;
                break;
            case "count zero":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 0);
                break;
            case "count too high":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), int.MaxValue);
                break;
            case "count too low":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 1);
                break;
            case "negative last offset delta":
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), -1);
                break;
            case "control":
                batch[22] |= 0x20;
                break;
            case "transactional without producer":
                batch[22] |= 0x10;
                break;
            case "producer without sequence":
                BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), 5);
                BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), 0);
                break;
            case "record length":
                batch[61] = 0x7E;
                break;
            case "record before its turn":
                batch[64] = 2;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, "unknown damage");
        }

        if (hasGoodChecksum)
        {
            RecordBatchHeader.WriteCrc(batch);
        }

        return batch;
    }
}

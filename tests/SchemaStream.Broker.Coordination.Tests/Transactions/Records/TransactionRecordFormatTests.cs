using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Records;

namespace SchemaStream.Broker.Coordination.Tests.Transactions.Records;

public sealed class TransactionRecordFormatTests
{
    private static readonly TransactionMetadata Ongoing = new()
    {
        ProducerId = 0x0102030405060708,
        PreviousProducerId = 9,
        ProducerEpoch = 3,
        TransactionTimeoutMs = 60_000,
        State = TransactionState.Ongoing,
        Partitions = TransactionMetadata.NoPartitions.Union([new("b", 0), new("a", 2), new("a", 1)]),
        StartTimestampMs = 1_000,
        LastUpdateTimestampMs = 2_000,
        ClientTransactionVersion = 2,
    };

    /// <summary>Laid out by hand from Kafka's definition: tags 0 to 2 only where they differ from their defaults.</summary>
    [Fact]
    public void Value_IsKafkas()
    {
        var encoded = TransactionRecordFormat.Encode(new TransactionRecord("orders", Ongoing));

        Convert.ToHexStringLower(encoded.Key.Span).ShouldBe("0000" + "0006" + "6f7264657273");
        Convert.ToHexStringLower(encoded.Value!.Value.Span).ShouldBe(string.Concat(
            "0001",
            "0102030405060708",
            "0003",
            "0000ea60",
            "01",
            "03",
            "0261", "03", "00000001", "00000002", "00",
            "0262", "02", "00000000", "00",
            "00000000000007d0",
            "00000000000003e8",
            "02", "0008", "0000000000000009", "0202", "0002"));
    }

    [Fact]
    public void Record_ComesBackAsItWas()
    {
        var encoded = TransactionRecordFormat.Encode(new TransactionRecord("orders", Ongoing));

        TransactionRecordFormat.TryDecode(encoded.Key, encoded.Value, out var record, out _).ShouldBeTrue();

        record!.TransactionalId.ShouldBe("orders");
        record.Value!.Partitions.ShouldBe(Ongoing.Partitions);
        (record.Value with { Partitions = Ongoing.Partitions }).ShouldBe(Ongoing);
    }

    [Fact]
    public void EmptyState_HasNoPartitionsAtAll()
    {
        var empty = Ongoing with { State = TransactionState.Empty, Partitions = TransactionMetadata.NoPartitions };
        var encoded = TransactionRecordFormat.Encode(new TransactionRecord("orders", empty));

        TransactionRecordFormat.TryDecode(encoded.Key, encoded.Value, out var record, out _).ShouldBeTrue();

        record!.Value!.Partitions.ShouldBeEmpty();
    }

    [Fact]
    public void Tombstone_ForgetsTheId()
    {
        var encoded = TransactionRecordFormat.Encode(new TransactionRecord("orders", null));

        encoded.Value.ShouldBeNull();
        TransactionRecordFormat.TryDecode(encoded.Key, null, out var record, out _).ShouldBeTrue();
        record!.Value.ShouldBeNull();
    }

    [Theory]
    [InlineData("0001" + "0006" + "6f7264657273", "", "unknown kind 1")]
    [InlineData("0000" + "0006" + "6f7264657273", "0009", "unknown version 9")]
    [InlineData("0000" + "0006" + "6f7264657273", "0001" + "00", "unreadable")]
    [InlineData("00", "", "unreadable")]
    public void StrangeBytes_AreSkippedWithAReason(string key, string value, string reason)
    {
        TransactionRecordFormat.TryDecode(Convert.FromHexString(key), Convert.FromHexString(value), out _, out var skipped).ShouldBeFalse();
        skipped!.ShouldContain(reason);
    }

    [Fact]
    public void States_AreNumberedAsInKafkaForEver() =>
        Enum.GetValues<TransactionState>().Select(state => $"{(sbyte)state} {state}").ShouldBe(
        [
            "0 Empty", "1 Ongoing", "2 PrepareCommit", "3 PrepareAbort", "4 CompleteCommit", "5 CompleteAbort", "6 Dead",
            "7 PrepareEpochFence",
        ]);
}

using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Tests.Transactions;

public sealed class TransactionShardTests
{
    private readonly TransactionDriver _driver = new();

    [Fact]
    public void Partitions_AreAddedOnce_AndOnlyThoseAreConfirmed()
    {
        var given = _driver.Init("orders");
        _driver.Add("orders", given.ProducerId, 0, "a").ShouldBe(ErrorCode.None);
        var records = _driver.Log.Count;

        _driver.Add("orders", given.ProducerId, 0, "a").ShouldBe(ErrorCode.None);
        _driver.Log.Count.ShouldBe(records);
        _driver.Add("orders", given.ProducerId, 0, "a", PartitionRegistrationMode.Verify).ShouldBe(ErrorCode.None);
        _driver.Add("orders", given.ProducerId, 0, "b", PartitionRegistrationMode.Verify).ShouldBe(ErrorCode.TransactionAbortable);
        _driver.Add("orders", given.ProducerId, 1, "a", PartitionRegistrationMode.Verify).ShouldBe(ErrorCode.ProducerFenced);
        _driver.Add("orders", given.ProducerId + 1, 0, "a").ShouldBe(ErrorCode.InvalidProducerIdMapping);
        _driver.Add("others", given.ProducerId, 0, "a").ShouldBe(ErrorCode.InvalidProducerIdMapping);
    }

    [Fact]
    public void TransactionThatTakesTooLong_IsAborted_AndTheTimerSetForTheNext()
    {
        var first = _driver.Init("first", timeoutMs: 10_000);
        var second = _driver.Init("second", timeoutMs: 20_000);
        _driver.Add("second", second.ProducerId, 0, "b").ShouldBe(ErrorCode.None);
        _driver.Add("first", first.ProducerId, 0, "a").ShouldBe(ErrorCode.None);

        _driver.Advance(TimeSpan.FromMilliseconds(9_999));
        _driver.Find("first")!.State.ShouldBe(TransactionState.Ongoing);
        _driver.Advance(TimeSpan.FromMilliseconds(1));
        _driver.Find("first")!.State.ShouldBe(TransactionState.PrepareAbort);
        _driver.Find("first")!.ProducerEpoch.ShouldBe((short)1);
        _driver.Find("second")!.State.ShouldBe(TransactionState.Ongoing);
        _driver.Advance(TimeSpan.FromSeconds(10));

        _driver.Find("second")!.State.ShouldBe(TransactionState.PrepareAbort);
        _driver.Reports.Count.ShouldBe(2);
        _driver.Add("first", first.ProducerId, 0, "a").ShouldBe(ErrorCode.ProducerFenced);
    }

    [Fact]
    public void TransactionThatTakesTooLong_IsAbortedByTheNextCoordinatorAsWell()
    {
        var given = _driver.Init("orders", timeoutMs: 10_000);
        _driver.Add("orders", given.ProducerId, 0, "a").ShouldBe(ErrorCode.None);

        _driver.Restart();
        _driver.Advance(TimeSpan.FromSeconds(10));

        _driver.Find("orders")!.State.ShouldBe(TransactionState.PrepareAbort);
    }

    [Fact]
    public void ManyThatTakeTooLong_AreAbortedInSeveralTurns()
    {
        for (var i = 0; i < 500; i++)
        {
            var given = _driver.Init($"id-{i}", timeoutMs: 10_000);
            _driver.Add($"id-{i}", given.ProducerId, 0, "a").ShouldBe(ErrorCode.None);
        }

        _driver.Advance(TimeSpan.FromSeconds(10));

        _driver.Markers.Count.ShouldBe(500);
    }

    [Fact]
    public void IdThatNoOneUses_IsForgotten_UnlessATransactionIsUnderWay()
    {
        for (var i = 0; i < 250; i++)
        {
            _driver.Init($"idle-{i}");
        }

        _driver.Advance(TimeSpan.FromDays(7) - TimeSpan.FromHours(2));
        var busy = _driver.Init("idle-0");
        _driver.Add("idle-0", busy.ProducerId, busy.ProducerEpoch, "a").ShouldBe(ErrorCode.None);
        _driver.Advance(TimeSpan.FromHours(4));

        // What it left under way was aborted; its markers were never written.
        _driver.Ids.Keys.ShouldBe(["idle-0"]);
        _driver.Restart();
        _driver.Ids.Keys.ShouldBe(["idle-0"]);
    }

    [Fact]
    public void Description_SaysWhatIsUnderWay()
    {
        var given = _driver.Init("orders", timeoutMs: 10_000);
        _driver.Add("orders", given.ProducerId, 0, "b").ShouldBe(ErrorCode.None);
        _driver.Add("orders", given.ProducerId, 0, "a").ShouldBe(ErrorCode.None);

        var described = _driver.Ask(new DescribeTransactionCommand("orders"));

        described.State.ShouldBe(TransactionState.Ongoing);
        described.TransactionTimeoutMs.ShouldBe(10_000);
        described.TransactionStartTimeMs.ShouldBe(_driver.NowMs);
        described.Partitions.ShouldBe([new TopicPartitionName("a", 0), new TopicPartitionName("b", 0)]);
        _driver.Ask(new DescribeTransactionCommand("others")).ErrorCode.ShouldBe(ErrorCode.TransactionalIdNotFound);
    }

    [Fact]
    public void List_HasWhatPassesEveryFilter()
    {
        var first = _driver.Init("first");
        _driver.Add("first", first.ProducerId, 0, "a").ShouldBe(ErrorCode.None);
        _driver.Advance(TimeSpan.FromSeconds(5));
        var second = _driver.Init("second");
        _driver.Add("second", second.ProducerId, 0, "a").ShouldBe(ErrorCode.None);
        _driver.Init("third");

        List(new([], [])).ShouldBe(["first", "second", "third"]);
        List(new([TransactionState.Ongoing], [])).ShouldBe(["first", "second"]);
        List(new([], [second.ProducerId])).ShouldBe(["second"]);
        List(new([TransactionState.Ongoing], []) { LongerThanMs = 4_999 }).ShouldBe(["first"]);
        List(new([], []) { IncludesId = id => id.EndsWith("rd", StringComparison.Ordinal) }).ShouldBe(["third"]);
    }

    private string[] List(ListTransactionsCommand command) =>
        [.. _driver.Ask(command).Transactions.Select(transaction => transaction.TransactionalId)];
}

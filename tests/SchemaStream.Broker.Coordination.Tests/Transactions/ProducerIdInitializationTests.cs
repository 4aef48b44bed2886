using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Tests.Transactions;

public sealed class ProducerIdInitializationTests
{
    private readonly TransactionDriver _driver = new();

    [Fact]
    public void NewId_GetsAFreshProducerIdWithEpochZero()
    {
        var given = _driver.Init("orders");

        given.ErrorCode.ShouldBe(ErrorCode.None);
        given.ProducerEpoch.ShouldBe((short)0);
        _driver.Find("orders")!.State.ShouldBe(TransactionState.Empty);
    }

    [Fact]
    public void SecondProducer_HasTheNextEpoch_AndTheFirstIsFenced()
    {
        var first = _driver.Init("orders");
        var second = _driver.Init("orders");

        second.ProducerId.ShouldBe(first.ProducerId);
        second.ProducerEpoch.ShouldBe((short)1);
        _driver.Add("orders", first.ProducerId, first.ProducerEpoch, "topic").ShouldBe(ErrorCode.ProducerFenced);
        _driver.Init("orders", first.ProducerId, first.ProducerEpoch).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
    }

    [Fact]
    public void ProducerThatGoesOnAfterAnError_HasTheNextEpoch_AndItsRetryTheSame()
    {
        var first = _driver.Init("orders");

        var bumped = _driver.Init("orders", first.ProducerId, first.ProducerEpoch);
        var again = _driver.Init("orders", first.ProducerId, first.ProducerEpoch);

        bumped.ProducerEpoch.ShouldBe((short)1);
        again.ShouldBe(bumped);
    }

    [Fact]
    public void OngoingTransaction_IsAbortedFirst_AndItsProducerFenced()
    {
        var first = _driver.Init("orders");
        _driver.Add("orders", first.ProducerId, 0, "topic").ShouldBe(ErrorCode.None);

        _driver.Init("orders").ErrorCode.ShouldBe(ErrorCode.ConcurrentTransactions);
        var marker = _driver.Markers.ShouldHaveSingleItem();
        (marker.Commit, marker.ProducerEpoch).ShouldBe((false, (short)1));
        _driver.Init("orders").ErrorCode.ShouldBe(ErrorCode.ConcurrentTransactions);

        _driver.WriteMarkers();
        _driver.Init("orders").ProducerEpoch.ShouldBe((short)2);
        _driver.End("orders", first.ProducerId, 0, commit: true).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
    }

    [Fact]
    public void Epochs_WhenTheyAreUsedUp_GoOnWithAnotherProducerId()
    {
        Seed(epoch: short.MaxValue - 1);

        var rotated = _driver.Init("orders");

        rotated.ErrorCode.ShouldBe(ErrorCode.None);
        rotated.ProducerId.ShouldNotBe(7);
        rotated.ProducerEpoch.ShouldBe((short)0);
        _driver.Find("orders")!.PreviousProducerId.ShouldBe(7);
    }

    [Fact]
    public void Epochs_WhenTheyAreUsedUpByAProducerThatGoesOn_ItsRetryIsToldTheSame()
    {
        Seed(epoch: short.MaxValue - 1);

        var rotated = _driver.Init("orders", 7, short.MaxValue - 1);

        rotated.ErrorCode.ShouldBe(ErrorCode.None);
        _driver.Init("orders", 7, short.MaxValue - 1).ShouldBe(rotated);
    }

    [Fact]
    public void ReservedEpoch_IsNeverGivenToAProducer()
    {
        Seed(epoch: short.MaxValue - 1);
        _driver.Add("orders", 7, short.MaxValue - 1, "topic").ShouldBe(ErrorCode.None);

        _driver.Init("orders").ErrorCode.ShouldBe(ErrorCode.ConcurrentTransactions);
        _driver.Find("orders")!.ProducerEpoch.ShouldBe(short.MaxValue);
        _driver.WriteMarkers();

        _driver.Init("orders", 7, short.MaxValue - 1).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
        _driver.Init("orders").ProducerEpoch.ShouldBe((short)0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(900_001)]
    public void Timeout_OutOfBounds_IsRefused(int timeoutMs) =>
        _driver.Init("orders", timeoutMs: timeoutMs).ErrorCode.ShouldBe(ErrorCode.InvalidTransactionTimeout);

    [Fact]
    public void Id_ThatNoRecordHolds_IsRefused()
    {
        _driver.Init(new string('x', 40_000)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        _driver.Init(new string('ü', 20_000)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        _driver.Init(new string('x', short.MaxValue)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void OtherProducerId_IsFenced()
    {
        _driver.Init("orders");

        _driver.Init("orders", 4711, 0).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
    }

    [Fact]
    public void RefusedAppend_ChangesNothing()
    {
        var command = new InitProducerIdCommand("orders", TimeSpan.FromMinutes(1));

        _driver.TryAsk(command, AppendFate.Refused)!.ErrorCode.ShouldBe(ErrorCode.CoordinatorNotAvailable);

        _driver.Find("orders").ShouldBeNull();
        _driver.Log.ShouldBeEmpty();
    }

    private void Seed(short epoch) => _driver.Seed("orders", new TransactionMetadata
    {
        ProducerId = 7,
        ProducerEpoch = epoch,
        TransactionTimeoutMs = 60_000,
        State = TransactionState.Empty,
        LastUpdateTimestampMs = _driver.NowMs,
    });
}

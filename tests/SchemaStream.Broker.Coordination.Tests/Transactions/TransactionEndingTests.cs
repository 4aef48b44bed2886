using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Tests.Transactions;

public sealed class TransactionEndingTests
{
    private const PartitionRegistrationMode ForProducer = PartitionRegistrationMode.AddForProducer;
    private readonly TransactionDriver _driver = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Transaction_IsDecided_ThenCompleteOnceTheMarkersAreWritten(bool commit)
    {
        var (producerId, epoch) = Begin();

        _driver.End("orders", producerId, epoch, commit).ErrorCode.ShouldBe(ErrorCode.None);
        _driver.Find("orders")!.State.ShouldBe(commit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort);
        var marker = _driver.Markers.ShouldHaveSingleItem();
        (marker.ProducerId, marker.ProducerEpoch, marker.Commit).ShouldBe((producerId, epoch, commit));
        marker.Partitions.ShouldBe([new TopicPartitionName("topic", 0)]);
        _driver.Add("orders", producerId, epoch, "topic").ShouldBe(ErrorCode.ConcurrentTransactions);

        _driver.WriteMarkers();
        _driver.Find("orders")!.State.ShouldBe(commit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort);
        _driver.Find("orders")!.Partitions.ShouldBeEmpty();
        _driver.Add("orders", producerId, epoch, "topic").ShouldBe(ErrorCode.None);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Retry_IsConfirmed_AndTheOppositeRefused(bool commit)
    {
        var (producerId, epoch) = Begin();
        _driver.End("orders", producerId, epoch, commit);

        _driver.End("orders", producerId, epoch, commit).ErrorCode.ShouldBe(ErrorCode.ConcurrentTransactions);
        _driver.End("orders", producerId, epoch, !commit).ErrorCode.ShouldBe(ErrorCode.InvalidTxnState);
        _driver.WriteMarkers();
        _driver.End("orders", producerId, epoch, commit).ErrorCode.ShouldBe(ErrorCode.None);
        _driver.End("orders", producerId, epoch, !commit).ErrorCode.ShouldBe(ErrorCode.InvalidTxnState);
    }

    [Fact]
    public void WithoutATransaction_EndIsRefused()
    {
        var given = _driver.Init("orders");

        _driver.End("orders", given.ProducerId, 0, commit: true).ErrorCode.ShouldBe(ErrorCode.InvalidTxnState);
        _driver.End("orders", given.ProducerId, 0, commit: true, bump: true).ErrorCode.ShouldBe(ErrorCode.InvalidTxnState);
        _driver.End("orders", given.ProducerId + 1, 0, commit: true).ErrorCode.ShouldBe(ErrorCode.InvalidProducerIdMapping);
        _driver.End("others", given.ProducerId, 0, commit: true).ErrorCode.ShouldBe(ErrorCode.InvalidProducerIdMapping);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void V2_EndsWithTheNextEpoch_AndARetryIsToldTheSame(bool commit)
    {
        var (producerId, _) = Begin(ForProducer);

        var ended = _driver.End("orders", producerId, 0, commit, bump: true);

        ended.ShouldBe(new EndTransactionReply(ErrorCode.None, producerId, 1));
        _driver.Markers.ShouldHaveSingleItem().ProducerEpoch.ShouldBe((short)1);
        _driver.Add("orders", producerId, 1, "topic", ForProducer).ShouldBe(ErrorCode.ConcurrentTransactions);
        _driver.End("orders", producerId, 0, commit, bump: true).ErrorCode.ShouldBe(ErrorCode.ConcurrentTransactions);
        _driver.WriteMarkers();
        _driver.End("orders", producerId, 0, commit, bump: true).ShouldBe(ended);
        _driver.End("orders", producerId, 0, !commit, bump: true).ErrorCode.ShouldBe(ErrorCode.InvalidTxnState);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void V2_DelayedEnd_OfATransactionBefore_DoesNotTouchTheNextOne(bool commit)
    {
        var (producerId, _) = Begin(ForProducer);
        _driver.End("orders", producerId, 0, commit, bump: true);
        _driver.WriteMarkers();
        _driver.Add("orders", producerId, 1, "topic", ForProducer).ShouldBe(ErrorCode.None);

        // The same request once more, as a slow network brings it.
        _driver.End("orders", producerId, 0, commit, bump: true).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);

        _driver.Find("orders")!.State.ShouldBe(TransactionState.Ongoing);
        _driver.Find("orders")!.ProducerEpoch.ShouldBe((short)1);
    }

    [Fact]
    public void V2_DelayedEnd_AfterTheTransactionTimedOut_IsFenced()
    {
        var (producerId, _) = Begin(ForProducer);
        _driver.Advance(TimeSpan.FromSeconds(61));
        _driver.WriteMarkers();

        _driver.End("orders", producerId, 0, commit: true, bump: true).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
        _driver.End("orders", producerId, 0, commit: false, bump: true).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
    }

    [Fact]
    public void V2_AbortOfNothing_BumpsTheEpochAtOnce()
    {
        var given = _driver.Init("orders");

        var ended = _driver.End("orders", given.ProducerId, 0, commit: false, bump: true);

        ended.ShouldBe(new EndTransactionReply(ErrorCode.None, given.ProducerId, 1));
        _driver.Markers.ShouldBeEmpty();
        _driver.End("orders", given.ProducerId, 0, commit: false, bump: true).ShouldBe(ended);
        _driver.End("orders", given.ProducerId, 1, commit: false, bump: true).ProducerEpoch.ShouldBe((short)2);
    }

    [Fact]
    public void V2_WhenTheEpochsAreUsedUp_TheNextTransactionHasAnotherProducerId()
    {
        _driver.Seed("orders", new TransactionMetadata
        {
            ProducerId = 7,
            ProducerEpoch = short.MaxValue - 1,
            TransactionTimeoutMs = 60_000,
            State = TransactionState.Empty,
            LastUpdateTimestampMs = _driver.NowMs,
        });
        _driver.Add("orders", 7, short.MaxValue - 1, "topic", ForProducer).ShouldBe(ErrorCode.None);

        var ended = _driver.End("orders", 7, short.MaxValue - 1, commit: true, bump: true);

        (ended.ErrorCode, ended.ProducerEpoch).ShouldBe((ErrorCode.None, (short)0));
        ended.ProducerId.ShouldNotBe(7);
        (_driver.Markers[0].ProducerId, _driver.Markers[0].ProducerEpoch).ShouldBe((7, short.MaxValue));

        // It may come with the new id before the markers are written.
        _driver.Add("orders", ended.ProducerId, 0, "topic", ForProducer).ShouldBe(ErrorCode.ConcurrentTransactions);
        _driver.End("orders", 7, short.MaxValue - 1, commit: true, bump: true).ErrorCode.ShouldBe(ErrorCode.ConcurrentTransactions);
        _driver.WriteMarkers();
        _driver.End("orders", 7, short.MaxValue - 1, commit: true, bump: true).ShouldBe(ended);
        _driver.Add("orders", ended.ProducerId, 0, "topic", ForProducer).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Decision_SurvivesTheCoordinator_AndTheMarkersAreWrittenAgain()
    {
        var (producerId, epoch) = Begin();
        var end = new EndTransactionCommand("orders", producerId, epoch, true);

        _driver.TryAsk(end, AppendFate.CommittedThenCrash).ShouldBeNull();

        _driver.Markers.ShouldHaveSingleItem().Commit.ShouldBeTrue();
        _driver.WriteMarkers();
        _driver.Ask(end).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void MarkersOfAnotherTransaction_CompleteNothing()
    {
        var (producerId, _) = Begin(ForProducer);
        _driver.End("orders", producerId, 0, commit: true, bump: true);

        _driver.Ask(new CompleteTransactionCommand("orders", producerId, 0)).ErrorCode.ShouldBe(ErrorCode.InvalidTxnState);
        _driver.Find("orders")!.State.ShouldBe(TransactionState.PrepareCommit);
    }

    private (long ProducerId, short Epoch) Begin(PartitionRegistrationMode mode = PartitionRegistrationMode.Add)
    {
        var given = _driver.Init("orders");
        _driver.Add("orders", given.ProducerId, given.ProducerEpoch, "topic", mode).ShouldBe(ErrorCode.None);
        return (given.ProducerId, given.ProducerEpoch);
    }
}

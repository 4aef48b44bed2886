using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication.Tests;

public sealed class PendingAcksTests
{
    private readonly PendingAcks _acks = new();

    [Fact]
    public void Advance_CompletesWhatItReaches_InOrder()
    {
        var waiters = Enumerable.Range(0, 40).Select(i => Add(i + 1, deadlineMs: 100)).ToArray();

        _acks.Advance(25);

        waiters.Take(25).ShouldAllBe(ack => ack.Error == ErrorCode.None);
        waiters.Skip(25).ShouldAllBe(ack => ack.Error == null);
        _acks.Count.ShouldBe(15);
        _acks.Advance(40, ErrorCode.NotEnoughReplicasAfterAppend);
        waiters[39].Error.ShouldBe(ErrorCode.NotEnoughReplicasAfterAppend);
        _acks.NextDeadlineMs.ShouldBe(long.MaxValue);
    }

    [Fact]
    public void Expire_TakesWhatIsDueOutOfTheMiddle()
    {
        var (patient, hasty, last) = (Add(1, 500), Add(2, 100), Add(3, 300));
        _acks.NextDeadlineMs.ShouldBe(100);

        _acks.Expire(99);
        hasty.Error.ShouldBeNull();
        _acks.Expire(100);
        hasty.Error.ShouldBe(ErrorCode.RequestTimedOut);
        _acks.NextDeadlineMs.ShouldBe(300);

        _acks.Advance(3);
        (patient.Error, last.Error).ShouldBe((ErrorCode.None, ErrorCode.None));
        _acks.Count.ShouldBe(0);
    }

    [Fact]
    public void FailAll_TellsEveryone()
    {
        var waiters = new[] { Add(1, 10), Add(2, 10) };

        _acks.FailAll(ErrorCode.NotLeaderOrFollower);

        waiters.ShouldAllBe(ack => ack.Error == ErrorCode.NotLeaderOrFollower);
        _acks.Count.ShouldBe(0);
    }

    [Fact]
    public void Add_OfWhatWasAppendedBefore_WaitsForItsOwnOffsetOnly()
    {
        var (first, second) = (Add(5, 100), Add(10, 100));

        var sentAgain = Add(5, 100);
        _acks.Advance(5);

        (first.Error, sentAgain.Error, second.Error).ShouldBe((ErrorCode.None, ErrorCode.None, null));
        _acks.Advance(10);
        second.Error.ShouldBe(ErrorCode.None);
        _acks.Count.ShouldBe(0);
    }

    [Fact]
    public void Ring_GoesRoundAndGrowsWithoutLosingAnyone()
    {
        var random = new Random(7);
        var waiting = new Queue<(long Offset, Ack Ack)>();
        var offset = 0L;
        for (var step = 0; step < 2_000; step++)
        {
            if (random.Next(3) > 0)
            {
                waiting.Enqueue((++offset, Add(offset, 1_000_000)));
                continue;
            }

            var reached = offset - random.Next(20);
            _acks.Advance(reached);
            while (waiting.TryPeek(out var first) && first.Offset <= reached)
            {
                waiting.Dequeue().Ack.Error.ShouldBe(ErrorCode.None);
            }

            waiting.ShouldAllBe(entry => entry.Ack.Error == null);
            _acks.Count.ShouldBe(waiting.Count);
        }
    }

    private Ack Add(long requiredOffset, long deadlineMs)
    {
        var ack = new Ack();
        _acks.Add(requiredOffset, deadlineMs, ack);
        return ack;
    }
}

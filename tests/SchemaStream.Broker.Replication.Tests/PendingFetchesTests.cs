namespace SchemaStream.Broker.Replication.Tests;

public sealed class PendingFetchesTests
{
    private readonly PendingFetches _fetches = new();

    [Fact]
    public void Notify_ReachesEveryoneWhoWaits_AndNoOneWhoLeft()
    {
        var (stays, leaves) = (new Waiter(), new Waiter());
        _fetches.Add(stays);
        _fetches.Add(leaves);
        _fetches.Remove(leaves).ShouldBeTrue();
        _fetches.Remove(leaves).ShouldBeFalse();

        _fetches.NotifyReadable(10);
        _fetches.NotifyInterrupted();

        (stays.Bytes, stays.Interruptions).ShouldBe((10, 1));
        (leaves.Bytes, leaves.Interruptions).ShouldBe((0, 0));
    }

    [Fact]
    public void Waiter_MayTakeItselfOutWhileItIsTold()
    {
        var others = Enumerable.Range(0, 3).Select(_ => new Waiter()).ToArray();
        _fetches.Add(others[0]);
        _fetches.Add(new Leaving(_fetches));
        _fetches.Add(others[1]);
        _fetches.Add(others[2]);

        _fetches.NotifyReadable(1);

        others.ShouldAllBe(waiter => waiter.Bytes == 1);
        _fetches.Count.ShouldBe(3);
    }

    private sealed class Leaving(PendingFetches fetches) : IFetchWaiter
    {
        public void OnReadable(long bytes) => fetches.Remove(this);

        public void OnInterrupted() => fetches.Remove(this);
    }
}

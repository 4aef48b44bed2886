using SchemaStream.Broker.Server.Quotas;

namespace SchemaStream.Broker.Server.Tests.Quotas;

public sealed class TokenBucketTests
{
    private readonly TokenBucket _bucket = new(QuotaWindows.Default);

    [Fact]
    public void Burst_IsWhatAllWindowsHold_AndOneMoreIsOwed()
    {
        _bucket.IsFree(2, 0).ShouldBeTrue();
        _bucket.Take(22, 2, 0);
        _bucket.IsFree(2, 0).ShouldBeTrue("nothing is owed yet");
        _bucket.Take(10, 2, 0);
        _bucket.IsFree(2, 0).ShouldBeFalse();
        _bucket.DebtMs(2, 0).ShouldBe(5_000);
        _bucket.IsFree(2, 4_999).ShouldBeFalse();
        _bucket.IsFree(2, 5_000).ShouldBeTrue();
        _bucket.DebtMs(2, 5_000).ShouldBe(0);
    }

    [Fact]
    public void Tokens_AreNotSavedUpBeyondTheWindows()
    {
        _bucket.Take(22, 2, 0);
        _bucket.Take(22, 2, 1_000_000);
        _bucket.Take(1, 2, 1_000_000);
        _bucket.DebtMs(2, 1_000_000).ShouldBe(500);
    }
}

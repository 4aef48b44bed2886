namespace SchemaStream.Broker.Replication.Tests;

public sealed class ReplicationQuotaTests
{
    [Fact]
    public void ABurstOfOneSecond_IsFree_AndWhatGoesOverIsMadeUpFor()
    {
        var quota = new ReplicationQuota(1_000, nowMs: 0);
        quota.IsExceeded(0).ShouldBeFalse();

        quota.Record(3_000, 0);

        quota.DelayMs(0).ShouldBe(1_000, "it is asked again after a second at the latest");
        quota.DelayMs(1_500).ShouldBe(500);
        quota.IsExceeded(1_999).ShouldBeTrue();
        quota.IsExceeded(2_001).ShouldBeFalse();
        quota.DelayMs(2_001).ShouldBe(0);
    }

    [Fact]
    public void OverTime_TheRateIsKept()
    {
        var quota = new ReplicationQuota(1_000, nowMs: 0);
        var taken = 0L;
        for (var now = 0L; now < 60_000; now += 7)
        {
            if (!quota.IsExceeded(now))
            {
                quota.Record(333, now);
                taken += 333;
            }
        }

        taken.ShouldBeInRange(59_000, 62_000);
    }

    [Fact]
    public void Rest_SavesUpNoMoreThanTheBurst()
    {
        var quota = new ReplicationQuota(1_000, nowMs: 0);

        quota.Record(1_500, 3_600_000);

        quota.IsExceeded(3_600_000).ShouldBeTrue();
    }

    [Fact]
    public void WithoutALimit_NothingIsHeldBack_AndALimitThatComesCountsFromThen()
    {
        var quota = new ReplicationQuota(ReplicationQuota.Unlimited, nowMs: 0);
        quota.Record(long.MaxValue, 0);
        quota.IsExceeded(0).ShouldBeFalse();

        quota.SetRate(100, 10);

        quota.IsExceeded(10).ShouldBeFalse();
        quota.Record(150, 10);
        quota.IsExceeded(10).ShouldBeTrue();
        quota.SetRate(ReplicationQuota.Unlimited, 11);
        quota.IsExceeded(11).ShouldBeFalse();
    }

    [Fact]
    public void AnHourOfInSyncReplicasOverTheRate_DoesNotHoldAMovingOneBackForAnotherHour()
    {
        var quota = new ReplicationQuota(1_000, nowMs: 0);
        var now = 0L;
        for (; now < 3_600_000; now += 100)
        {
            quota.Record(1_000, now);
        }

        quota.IsExceeded(now).ShouldBeTrue();
        quota.IsExceeded(now + 10_001).ShouldBeFalse();
    }

    [Fact]
    public void OneFetchManyTimesTheRate_IsMadeUpForInFull_WhateverSmallOnesCome()
    {
        var quota = new ReplicationQuota(1_000, nowMs: 0);

        quota.Record(31_000, 0);
        quota.Record(1_000, 0);

        quota.IsExceeded(29_000).ShouldBeTrue();
        quota.IsExceeded(31_001).ShouldBeFalse();
    }

    [Fact]
    public void ALowerRate_IsNotWaitedForLongerThanItRemembers()
    {
        var quota = new ReplicationQuota(1_000_000, nowMs: 0);
        quota.Record(9_000_000, 0);

        quota.SetRate(1_000, 0);

        quota.IsExceeded(9_000).ShouldBeTrue();
        quota.IsExceeded(10_001).ShouldBeFalse();
    }

    [Fact]
    public void ARateOfZero_HoldsAllBack()
    {
        var quota = new ReplicationQuota(0, nowMs: 0);

        quota.IsExceeded(100_000).ShouldBeTrue();
        quota.DelayMs(100_000).ShouldBe(1_000);
    }

    [Fact]
    public void AClockThatGoesBack_GivesNothing()
    {
        var quota = new ReplicationQuota(1_000, nowMs: 1_000);
        quota.Record(1_000, 1_000);

        quota.IsExceeded(0).ShouldBeTrue();
        quota.IsExceeded(1_000).ShouldBeTrue();
    }
}

public sealed class ThrottledReplicasTests
{
    [Theory]
    [InlineData("0:1, 1:2", 0, 1, true)]
    [InlineData("0:1,1:2", 1, 1, false)]
    [InlineData("*", 7, 9, true)]
    [InlineData("", 0, 1, false)]
    public void AReplicaIsThrottled_IfTheListNamesIt(string text, int partition, int brokerId, bool expected)
    {
        ThrottledReplicas.TryParse(text, out var throttled).ShouldBeTrue();

        throttled.Contains(partition, brokerId).ShouldBe(expected);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0:1:2")]
    [InlineData("a:b")]
    [InlineData("0:-1")]
    [InlineData("*,0:1")]
    public void WhatIsNoSuchList_IsRefused(string text) => ThrottledReplicas.TryParse(text, out _).ShouldBeFalse();
}

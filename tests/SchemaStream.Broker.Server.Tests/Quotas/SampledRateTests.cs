using SchemaStream.Broker.Server.Quotas;

namespace SchemaStream.Broker.Server.Tests.Quotas;

public sealed class SampledRateTests
{
    private readonly SampledRate _rate = new(QuotaWindows.Default);

    [Fact]
    public void FirstBurst_IsMeasuredOverAllWindowsButOne()
    {
        _rate.Record(1000, 0);
        _rate.Rate(0).ShouldBe(100);
        _rate.ExcessMs(100, 0).ShouldBe(0);
        _rate.ExcessMs(50, 0).ShouldBe(10_000, "so long until a thousand are fifty per second");
    }

    [Fact]
    public void SteadyRate_IsWhatItIs()
    {
        for (var ms = 0; ms < 60_000; ms += 100)
        {
            _rate.Record(10, ms);
        }

        _rate.Rate(60_000).ShouldBe(100, 5);
    }

    [Fact]
    public void WhatIsOlderThanTheWindows_IsForgotten()
    {
        _rate.Record(1000, 0);
        _rate.Rate(10_999).ShouldBeGreaterThan(0);
        _rate.Rate(11_000).ShouldBe(0);
        _rate.Record(500, 20_000);
        _rate.Rate(20_000).ShouldBe(50);
    }

    [Fact]
    public void Rate_BeforeAnythingWasRecorded_IsNone()
    {
        _rate.Rate(5_000).ShouldBe(0);
        _rate.ExcessMs(1, 5_000).ShouldBe(0);
    }
}

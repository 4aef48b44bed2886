using System.Net;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Server.Quotas;

namespace SchemaStream.Broker.Server.Tests.Quotas;

public sealed class ClientQuotasTests
{
    private const string User = ClientQuotas.AnonymousUser;

    private readonly ScriptedMetadata _metadata = new();
    private readonly ManualClock _clock = new();
    private readonly ClientQuotas _quotas;

    public ClientQuotasTests() =>
        _quotas = new ClientQuotas(_metadata, QuotaWindows.Default, QuotaWindows.Default, _clock);

    [Fact]
    public void Client_WithoutAQuota_IsNotMeasured()
    {
        _quotas.RecordProduce(User, "c", long.MaxValue).ShouldBe(TimeSpan.Zero);
        _quotas.LimitsRequests.ShouldBeFalse();
        _quotas.MaxFetchBytes(User, "c").ShouldBe(-1);
        _quotas.TryConnect(IPAddress.Loopback).ShouldBeTrue();
    }

    [Fact]
    public void Client_PausesForAsLongAsItIsOverItsRate()
    {
        Set("client-id", "c", QuotaKeys.ProducerByteRate, 1000);
        _quotas.RecordProduce(User, "c", 10_000).ShouldBe(TimeSpan.Zero);
        _quotas.RecordProduce(User, "c", 10_000).ShouldBe(TimeSpan.FromSeconds(10));
        _quotas.RecordProduce(User, "other", 1_000_000).ShouldBe(TimeSpan.Zero);

        _clock.Advance(30_000);
        _quotas.RecordProduce(User, "c", 1).ShouldBe(TimeSpan.Zero);
        _quotas.RecordFetch(User, "c", 1_000_000).ShouldBe(TimeSpan.Zero, "that is another quota");
    }

    [Fact]
    public void Quota_OfAUser_IsSharedByItsClients_AndThatOfEachClientIsNot()
    {
        Set("user", User, QuotaKeys.ConsumerByteRate, 1000);
        _quotas.RecordFetch(User, "a", 10_000);
        _quotas.RecordFetch(User, "b", 10_000).ShouldBeGreaterThan(TimeSpan.Zero);

        Set("client-id", null, QuotaKeys.ProducerByteRate, 1000);
        _quotas.RecordProduce(User, "a", 10_000);
        _quotas.RecordProduce(User, "b", 10_000).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void OtherQuota_AppliesAtOnce()
    {
        Set("client-id", "c", QuotaKeys.ProducerByteRate, 1000);
        _quotas.RecordProduce(User, "c", 20_000).ShouldBeGreaterThan(TimeSpan.Zero);
        Set("client-id", "c", QuotaKeys.ProducerByteRate, 1_000_000);
        _quotas.RecordProduce(User, "c", 1).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Requests_PauseForOneWindowAtMost()
    {
        Set("client-id", "c", QuotaKeys.RequestPercentage, 1);
        _quotas.LimitsRequests.ShouldBeTrue();
        _quotas.RecordRequest(User, "c", TimeSpan.FromSeconds(0.05)).ShouldBe(TimeSpan.Zero);
        _quotas.RecordRequest(User, "c", TimeSpan.FromSeconds(5)).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Fetch_IsNoLargerThanAllWindowsAllow()
    {
        Set("client-id", "c", QuotaKeys.ConsumerByteRate, 1000);
        _quotas.MaxFetchBytes(User, "c").ShouldBe(11_000);
    }

    [Fact]
    public void Mutations_AreRefusedOfTheStrict_AndPaidForByTheOthers()
    {
        Set("client-id", null, QuotaKeys.ControllerMutationRate, 1);
        var strict = _quotas.Mutations(User, "strict", isStrict: true);
        strict.TryTake(12).ShouldBeTrue("one large request is possible");
        strict.TryTake(1).ShouldBeFalse();
        strict.Pause.ShouldBe(TimeSpan.FromSeconds(1));
        var older = _quotas.Mutations(User, "older", isStrict: false);
        older.TryTake(12).ShouldBeTrue();
        older.TryTake(9).ShouldBeTrue();
        older.Pause.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Address_ThatConnectsTooOften_IsTurnedAway()
    {
        Set("ip", "127.0.0.1", QuotaKeys.ConnectionCreationRate, 1);
        Enumerable.Range(0, 15).Count(_ => _quotas.TryConnect(IPAddress.Loopback)).ShouldBe(10);
        _quotas.TryConnect(IPAddress.Parse("::ffff:127.0.0.1")).ShouldBeFalse();
        _quotas.TryConnect(IPAddress.Parse("10.0.0.1")).ShouldBeTrue();
        _clock.Advance(11_000);
        _quotas.TryConnect(IPAddress.Loopback).ShouldBeTrue();
    }

    [Fact]
    public void Address_IsTheSame_WhicheverInterfaceItCameThrough()
    {
        Set("ip", "fe80::1", QuotaKeys.ConnectionCreationRate, 1);
        Enumerable.Range(0, 15).Count(i => _quotas.TryConnect(IPAddress.Parse($"fe80::1%{i + 1}"))).ShouldBe(10);
    }

    [Fact]
    public void Measuring_AllocatesNothing_OnceAClientIsKnown()
    {
        Set("client-id", null, QuotaKeys.ProducerByteRate, 1000);
        for (var i = 0; i < 1_000; i++)
        {
            _quotas.RecordProduce(User, "c", 1);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            _quotas.RecordProduce(User, "c", 1);
            _quotas.RecordFetch(User, "c", 1);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Sensors_AreBounded_AndForgetWhoWasNotHeardOfForLongest()
    {
        var sensors = new QuotaSensors<object>(() => new object(), limit: 8);
        var kept = sensors.Get(new SensorKey("q", "u", "0"), 0);
        for (var i = 1; i < 100; i++)
        {
            sensors.Get(new SensorKey("q", "u", $"{i}"), i);
            sensors.Get(new SensorKey("q", "u", "0"), i).ShouldBeSameAs(kept);
            sensors.Count.ShouldBeLessThanOrEqualTo(8);
        }
    }

    private void Set(string type, string? name, string key, double value) => _metadata.Replay(
        new ClientQuotaRecord { Entity = [new() { Type = type, Name = name }], Key = key, Value = value });
}

using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Producing;
using SchemaStream.TestKit;
using SchemaStream.Transport.Wire.Producing;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>A broker that asks for a pause gets it, on its connection and on no other (KIP-219), and no record is lost by it.</summary>
public sealed class ThrottledProducerTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(7);

    private readonly ManualTime _time = new();
    private readonly ThrottledCluster _cluster;

    public ThrottledProducerTests() => _cluster = new ThrottledCluster(_time);

    private WireProducer Start(ProduceSettings? settings = null) => new(
        "notes", settings ?? new ProduceSettings { LingerMs = 0, IsIdempotent = true }, _cluster, "a:9092",
        new UndeliveredRecords("notes", null, NullLogger.Instance), _time, NullLogger.Instance);

    private static void Send(WireProducer producer, int id, int partition) => producer.TrySend(Records.Of(id, partition), null).ShouldBeTrue();

    /// <summary>The first record, after whose answer the pause begins.</summary>
    private async Task BeginPauseAsync(WireProducer producer)
    {
        _cluster.Throttle(1, Pause);
        Send(producer, 0, 0);
        (await _cluster.NextAsync()).ShouldBe(1);
        await Eventually.TrueAsync(() => producer.PendingCount == 0);
        await Eventually.TrueAsync(() => _time.NextDueMs == (long)Pause.TotalMilliseconds); // the loop has set its clock by it
        _cluster.Throttle(1, TimeSpan.Zero);
    }

    [Fact]
    public async Task Pause_IsKept_AndThenAllGoes()
    {
        await using var producer = Start();
        await BeginPauseAsync(producer);

        for (var id = 1; id <= 20; id++)
        {
            Send(producer, id, 0);
        }

        // Another broker is none of its concern, and its answer shows that the loop has looked at all that there is.
        Send(producer, 21, 1);
        (await _cluster.NextAsync()).ShouldBe(2);
        var drained = producer.DrainAsync(default).AsTask();
        _time.Advance(Pause - TimeSpan.FromMilliseconds(1));
        Send(producer, 22, 1);
        (await _cluster.NextAsync()).ShouldBe(2);
        drained.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await _cluster.NextAsync()).ShouldBe(1);
        await drained.WaitAsync(TestTime.Limit);
        _cluster.RecordCount.ShouldBe(23);
        _cluster.Requests.Where(request => request.Node == 1).Skip(1).ShouldAllBe(request => request.AtMs >= (long)Pause.TotalMilliseconds);
    }

    [Fact]
    public async Task Pause_IsWaitedForByNobody_WhoHasNothingPending()
    {
        var producer = Start();
        await BeginPauseAsync(producer);

        await producer.DisposeAsync().AsTask().WaitAsync(TestTime.Limit); // and the clock stands
    }

    [Fact]
    public async Task DisposingWithRecordsPending_SendsThemAfterThePause()
    {
        var producer = Start();
        await BeginPauseAsync(producer);
        Send(producer, 1, 0);
        var disposed = producer.DisposeAsync().AsTask();
        disposed.IsCompleted.ShouldBeFalse();

        _time.Advance(Pause);

        await disposed.WaitAsync(TestTime.Limit);
        _cluster.RecordCount.ShouldBe(2);
    }

    [Fact]
    public async Task PauseBeyondTheDeliveryTimeout_FailsWhatWaits()
    {
        var failures = new List<DeliveryFailure>();
        var settings = new ProduceSettings { LingerMs = 0, DeliveryTimeoutMs = 3_000 };
        await using var producer = new WireProducer(
            "notes", settings, _cluster, "a:9092", new UndeliveredRecords("notes", failures.Add, NullLogger.Instance), _time, NullLogger.Instance);
        _cluster.Throttle(1, Pause);
        Send(producer, 0, 0);
        await _cluster.NextAsync();
        await Eventually.TrueAsync(() => producer.PendingCount == 0);

        Send(producer, 1, 0);
        await Eventually.TrueAsync(() => _time.NextDueMs == 3_000);
        _time.Advance(TimeSpan.FromSeconds(3));

        await Eventually.TrueAsync(() => producer.PendingCount == 0);
        failures.ShouldHaveSingleItem().Code.ShouldBe("MSG_TIMED_OUT");
        failures[0].IsOutcomeUnknown.ShouldBeFalse();
        _cluster.RecordCount.ShouldBe(1);
    }
}

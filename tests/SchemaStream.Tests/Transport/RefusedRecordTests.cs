using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Transport;
using SchemaStream.Transport.Native;

namespace SchemaStream.Tests.Transport;

/// <summary>Records that the client accepted, and refuses when it comes to send them.</summary>
public sealed class RefusedRecordTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ATransaction_IsNotHandedOver_BeforeItsRefusedRecordsAreToldOf()
    {
        using var failures = new SlowFailures();
        var options = new SchemaStreamOptions { BootstrapServers = "127.0.0.1:1", RegistryUrl = new Uri("http://127.0.0.1:1") };
        var settings = TransportSettings.ForProducer(
            options, new ProducerOptions { ConfigureTransport = each => each["message.max.bytes"] = "1000" });
        await using var producer = new NativeProducer("refusing", settings, failures, NullLogger.Instance);
        var topic = producer.OpenTopic("notes");
        var record = EncodedRecord.Rent(new RecordOptions());
        record.GetSpan(2000)[..2000].Clear();
        record.Advance(2000);
        record.EndValue();
        topic.TrySend(record, delivery: null).ShouldBeTrue();
        record.Return();

        // The producer's own thread has handed it over, and is about to say that it was refused.
        (await failures.Begun.Task.WaitAsync(Limit)).Topic.ShouldBe("notes");
        var handedOver = producer.HandOverAsync(CancellationToken.None);
        handedOver.IsCompleted.ShouldBeFalse();

        failures.GoOn.Set();
        await handedOver.WaitAsync(Limit);
    }

    private sealed class SlowFailures : IDeliveryFailures, IDisposable
    {
        public TaskCompletionSource<DeliveryFailure> Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim GoOn { get; } = new();

        public void Report(DeliveryFailure failure)
        {
            Begun.TrySetResult(failure);
            GoOn.Wait(Limit);
        }

        public void Dispose() => GoOn.Dispose();
    }
}

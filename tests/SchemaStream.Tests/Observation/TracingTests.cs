using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using SchemaStream.Observation;
using SchemaStream.Tests.Consuming;
using SchemaStream.Tests.Contracts;
using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Observation;

/// <summary>Spans and the W3C context, from the sender's to the handler's, by way of a real broker.</summary>
public sealed class TracingTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private readonly SchemaStreamClient _client = fixture.Client;

    [Fact]
    public async Task Sending_IsASpan_WhoseContextTravelsWithTheRecord()
    {
        var topic = await NewTopicAsync();
        using var spans = new Spans(topic.Name);
        await using var producer = await _client.CreateProducerAsync(topic);
        using var request = new Activity("request").Start();

        var headers = new RecordHeaders().Add("mine", "1");
        var position = await producer.SendAsync("k", Orders.Order(1), new RecordOptions { Headers = headers });

        var span = spans.Ended.ShouldHaveSingleItem();
        (span.OperationName, span.Kind, span.ParentSpanId).ShouldBe(($"send {topic.Name}", ActivityKind.Producer, request.SpanId));
        span.GetTagItem("messaging.system").ShouldBe("kafka");
        span.GetTagItem("messaging.operation.type").ShouldBe("send");
        span.GetTagItem("messaging.destination.partition.id").ShouldBe("0");
        span.GetTagItem("messaging.kafka.offset").ShouldBe(position.Offset);
        headers.Count.ShouldBe(1, "the caller's headers are the caller's");
        var read = await ReadOneAsync(topic);
        read.Headers["mine"]!.Value.AsText().ShouldBe("1");
        read.Headers["traceparent"]!.Value.AsText().ShouldBe($"00-{request.TraceId}-{span.SpanId}-01");
    }

    [Fact]
    public async Task WithoutAListener_TheCallersContextTravelsAllTheSame()
    {
        var topic = await NewTopicAsync();
        await using var producer = await _client.CreateProducerAsync(topic);
        using var request = new Activity("request").Start();

        await producer.EnqueueAsync("k", Orders.Order(1));
        await producer.FlushAsync();

        var context = (await ReadOneAsync(topic)).Headers["traceparent"]!.Value.AsText().ShouldNotBeNull();
        context.ShouldStartWith($"00-{request.TraceId}-");
    }

    [Fact]
    public async Task WithoutAnyActivity_NothingIsAdded()
    {
        var topic = await NewTopicAsync();
        await using var producer = await _client.CreateProducerAsync(topic);
        Activity.Current.ShouldBeNull();

        await producer.SendAsync("k", Orders.Order(1));

        (await ReadOneAsync(topic)).Headers.Count.ShouldBe(0);
    }

    [Fact]
    public async Task ASendThatFails_IsASpanWithItsError()
    {
        var topic = await NewTopicAsync();
        using var spans = new Spans(topic.Name);
        await using var producer = await _client.CreateProducerAsync(topic);

        await Should.ThrowAsync<DeliveryException>(
            async () => await producer.SendAsync("k", Orders.Order(1), new RecordOptions { Partition = 99 }));

        var span = spans.Ended.ShouldHaveSingleItem();
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("error.type").ShouldNotBeNull();
    }

    [Fact]
    public async Task Metrics_CountAndTimeWhatIsSent()
    {
        var (topic, group) = (await NewTopicAsync(), fixture.NewName());
        var measured = new ConcurrentQueue<(string Instrument, double Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, itself) =>
            {
                if (instrument.Meter.Name == "SchemaStream")
                {
                    itself.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var told = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
            if (told.TryGetValue("messaging.destination.name", out var name) && topic.Name.Equals(name))
            {
                measured.Enqueue((instrument.Name, value, string.Join(", ", told
                    .Where(tag => tag.Key != "messaging.destination.name")
                    .Select(tag => $"{tag.Key}={(group.Equals(tag.Value) ? "billing" : tag.Value)}").Order())));
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        await using var producer = await _client.CreateProducerAsync(topic);

        await producer.SendAsync("k", Orders.Order(1));
        await producer.SendTombstoneAsync("k");
        await Should.ThrowAsync<DeliveryException>(
            async () => await producer.SendAsync("k", Orders.Order(1), new RecordOptions { Partition = 99 }));
        await using (var consumer = await _client.CreateConsumerAsync(topic, group))
        {
            using var stop = new CancellationTokenSource();
            var handled = 0;
            var running = consumer.ProcessAsync((_, _) => ++handled == 2 ? new ValueTask(stop.CancelAsync()) : ValueTask.CompletedTask, null, stop.Token);
            await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromMinutes(1)));
        }

        var of = measured.ToLookup(each => each.Instrument);
        of["messaging.client.sent.messages"].Sum(each => each.Value).ShouldBe(3);
        of["messaging.client.sent.messages"].Select(each => each.Tags).Distinct()
            .ShouldBe(["messaging.operation.name=send, messaging.system=kafka"]);
        of["messaging.client.operation.duration"].ShouldAllBe(
            each => each.Tags.EndsWith("messaging.operation.name=send, messaging.operation.type=send, messaging.system=kafka", StringComparison.Ordinal));
        of["messaging.client.operation.duration"].Count(each => each.Tags.StartsWith("error.type=", StringComparison.Ordinal)).ShouldBe(1);
        of["messaging.client.operation.duration"].Count().ShouldBe(3);
        of["messaging.client.consumed.messages"].Sum(each => each.Value).ShouldBe(2);
        of["messaging.client.consumed.messages"].Select(each => each.Tags).Distinct()
            .ShouldBe(["messaging.consumer.group.name=billing, messaging.operation.name=poll, messaging.system=kafka"]);
        of["messaging.process.duration"].Select(each => each.Tags)
            .ShouldBe(Enumerable.Repeat("messaging.consumer.group.name=billing, messaging.operation.name=process, messaging.system=kafka", 2));
    }

    /// <summary>The default buckets of OpenTelemetry are for milliseconds.</summary>
    [Fact]
    public void Durations_HaveTheBucketsOfTheConventions()
    {
        var bounds = new ConcurrentDictionary<string, IReadOnlyList<double>?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument is Histogram<double> histogram && histogram.Meter.Name == "SchemaStream")
                {
                    bounds[histogram.Name] = histogram.Advice?.HistogramBucketBoundaries;
                }
            },
        };
        listener.Start();

        RuntimeHelpers.RunClassConstructor(typeof(ClientMetrics).TypeHandle);

        bounds.Keys.Order().ShouldBe(["messaging.client.operation.duration", "messaging.process.duration"]);
        bounds.Values.ShouldAllBe(each => each != null && each.Count == 14 && each.Min() == 0.005 && each.Max() == 10);
    }

    [Fact]
    public async Task AHandOverThatFails_IsASpanWithItsError_AndATombstoneSaysSo()
    {
        var topic = await NewTopicAsync();
        using var spans = new Spans(topic.Name);
        await using var producer = await _client.CreateProducerAsync(topic);

        await producer.EnqueueTombstoneAsync("k");
        await Should.ThrowAsync<SchemaSerializationException>(async () => await producer.EnqueueAsync("k", Orders.Order(1) with { OrderId = null! }));

        var (tombstone, refused) = (spans.Ended.First(), spans.Ended.Last());
        tombstone.GetTagItem("messaging.kafka.message.tombstone").ShouldBe(true);
        refused.Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Fact]
    public async Task ATransform_HasASpanForEachRecordIn_AndUnderItOneForEachRecordOut()
    {
        var (from, to) = (await NewTopicAsync(), await NewTopicAsync());
        using var spansIn = new Spans(from.Name);
        using var spansOut = new Spans(to.Name);
        await using var producer = await _client.CreateProducerAsync(from);
        await producer.SendAsync("k", Orders.Order(1));
        using var stop = new CancellationTokenSource();

        var running = _client.TransformAsync(
            from, to, fixture.NewName(), fixture.NewName(), record => new OutgoingRecord<string, OrderPlaced>(record.Key, record.Value), cancellationToken: stop.Token);
        var record = await ReadOneAsync(to);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);

        var (sent, handled, written) = (
            spansIn.Ended.Single(span => span.Kind == ActivityKind.Producer),
            spansIn.Ended.Single(span => span.Kind == ActivityKind.Consumer),
            spansOut.Ended.ShouldHaveSingleItem());
        handled.ParentId.ShouldBe(sent.Id);
        written.ParentId.ShouldBe(handled.Id);
        record.Headers["traceparent"]!.Value.AsText().ShouldBe(written.Id);
    }

    [Fact]
    public async Task ARecordThatIsPassedOnWithItsHeaders_CarriesOneContext()
    {
        var topic = await NewTopicAsync();
        using var spans = new Spans(topic.Name);
        await using var producer = await _client.CreateProducerAsync(topic);
        var headers = new RecordHeaders().Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").Add("other", "stays");

        await producer.SendAsync("k", Orders.Order(1), new RecordOptions { Headers = headers });

        var record = await ReadOneAsync(topic);
        record.Headers.Count(header => header.Name == "traceparent").ShouldBe(1);
        record.Headers["traceparent"]!.Value.AsText().ShouldBe(spans.Ended.ShouldHaveSingleItem().Id);
        record.Headers["other"].ShouldNotBeNull();
    }

    private async Task<Topic<string, OrderPlaced>> NewTopicAsync()
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName());
        await _client.CreateTopicAsync(topic, new() { PartitionCount = 1 });
        return topic;
    }

    private async Task<ConsumedRecord<string, OrderPlaced>> ReadOneAsync(Topic<string, OrderPlaced> topic)
    {
        await using var consumer = await _client.CreateConsumerAsync(topic, fixture.NewName());
        return (await consumer.TakeAsync(1))[0];
    }

    /// <summary>The ended spans of one topic; others' tests run at the same time.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;

        public Spans(string topic)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "SchemaStream",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (topic.Equals(span.GetTagItem("messaging.destination.name")))
                    {
                        Ended.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> Ended { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}

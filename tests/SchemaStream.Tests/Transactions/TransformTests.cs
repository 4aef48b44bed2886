using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Administration;
using SchemaStream.Tests.Consuming;
using SchemaStream.Tests.Contracts;
using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Transactions;

/// <summary>Each record counts once, whatever happens to the loop.</summary>
public sealed class TransformTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private const int Partitions = 3;
    private const int Records = 600;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SchemaStreamClient _client = fixture.Client;

    [Fact]
    public async Task Transform_GoesOnWhereItWas_AfterItsHandlerHasThrown()
    {
        var (from, to) = (await FilledAsync(), await NotesTopic.CreateAsync(fixture));
        var (group, id, handled) = (fixture.NewName(), fixture.NewName(), 0);
        var failing = _client.TransformAsync(
            from.Topic,
            to.Topic,
            group,
            id,
            record => ++handled == Records / 2
                ? throw new FormatException("half-way")
                : new OutgoingRecord<string, string>(record.Key, record.Value + "!"),
            new TransformOptions { MaxRecords = 50 });
        await Should.ThrowAsync<FormatException>(() => failing.WaitAsync(Limit));

        using var stop = new CancellationTokenSource();
        var running = TransformAsync(from, to, group, id, stop.Token);

        await ShouldHoldEachOnceAsync(to);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
    }

    [Fact]
    public async Task Transform_ByMembersThatComeAndGo_CountsEachRecordOnce()
    {
        var (from, to) = (await FilledAsync(), await NotesTopic.CreateAsync(fixture));
        var group = fixture.NewName();
        using var stop = new CancellationTokenSource();
        using var stopFirst = new CancellationTokenSource();
        var first = TransformAsync(from, to, group, fixture.NewName(), stopFirst.Token);
        var second = TransformAsync(from, to, group, fixture.NewName(), stop.Token);
        await using (var consumer = await to.ConsumeAsync(fixture.NewName()))
        {
            await consumer.TakeAsync(Records / 4);
        }

        await stopFirst.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first.WaitAsync(Limit));

        await ShouldHoldEachOnceAsync(to);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second.WaitAsync(Limit));
    }

    [Fact]
    public async Task Migrate_CopiesEachRecordOnce_ThoughItWasStoppedHalfWay_AndLinksTheTopics()
    {
        var from = await FilledAsync();
        var to = Topic.Avro<string, OrderPlaced>(from.Name + ".v2");
        var mapped = 0;
        var options = new MigrationOptions { Transform = new TransformOptions { MaxRecords = 50 } };
        OutgoingRecord<string, OrderPlaced>? Map(ConsumedRecord<string, string> record) =>
            new OutgoingRecord<string, OrderPlaced>(record.Key, new OrderPlaced(record.Value, record.Key, 1));
        await Should.ThrowAsync<FormatException>(() => _client.MigrateAsync(
            from.Topic, to, record => ++mapped == Records / 2 ? throw new FormatException("half-way") : Map(record), options));

        await _client.MigrateAsync(from.Topic, to, Map, options).WaitAsync(Limit);
        await _client.MigrateAsync(from.Topic, to, Map, options).WaitAsync(Limit); // complete: copies nothing

        await using var consumer = await _client.CreateConsumerAsync(to, fixture.NewName());
        (await consumer.TakeAsync(Records)).Select(record => int.Parse(record.Value!.OrderId, System.Globalization.CultureInfo.InvariantCulture)).Order()
            .ShouldBe(Enumerable.Range(0, Records));
        (await _client.Registry.GetContractAsync(to.Name))!.Value!.Format.ShouldBe(SchemaFormat.Avro);
        await Should.ThrowAsync<Exception>(() => _client.MigrateAsync(
            from.Topic, Topic.Avro<string, OrderPlaced>(from.Name + ".other"), Map, options)); // it has its successor
    }

    [Fact]
    public async Task Migrate_MakesATopicThatKeepsWhatIsCopied_ForAsLongAsTheOldOne()
    {
        var (from, to) = (Topic.Primitive<string, string>(fixture.NewName()), Topic.Primitive<string, long>(fixture.NewName()));
        var settings = new Dictionary<string, string> { ["retention.ms"] = "-1", ["cleanup.policy"] = "compact" };
        await _client.CreateTopicAsync(from, new TopicSpecification { PartitionCount = 2, Settings = settings });

        await _client.MigrateAsync(from, to, record => new OutgoingRecord<string, long>(record.Key, 1)).WaitAsync(Limit);

        using var admin = new TopicAdmin(
            new Dictionary<string, string> { ["bootstrap.servers"] = fixture.Stack.BootstrapServers }, NullLogger.Instance);
        (await admin.SettingsAsync(to.Name, CancellationToken.None)).ShouldBe(settings, ignoreOrder: true);
    }

    [Fact]
    public async Task Migrate_OfValuesThatCannotBeNull_KeepsTombstones()
    {
        var (from, to) = (Topic.Primitive<string, long>(fixture.NewName()), Topic.Primitive<string, int>(fixture.NewName()));
        await _client.CreateTopicAsync(from, new TopicSpecification { PartitionCount = 1 });
        await using (var producer = await _client.CreateProducerAsync(from))
        {
            await producer.SendManyAsync([new("a", 7), new("b", 0), new("b", 0) { IsTombstone = true }]);
            await producer.EnqueueTombstoneAsync("a");
            await producer.FlushAsync();
        }

        await _client.MigrateAsync(from, to, record => new OutgoingRecord<string, int>(record.Key, (int)record.Value)
        {
            IsTombstone = record.IsTombstone,
        }).WaitAsync(Limit);

        await using var consumer = await _client.CreateConsumerAsync(to, fixture.NewName());
        (await consumer.TakeAsync(4)).Select(record => (record.Key, record.Value, record.IsTombstone))
            .ShouldBe([("a", 7, false), ("b", 0, false), ("b", 0, true), ("a", 0, true)]);
    }

    /// <summary>The options are those of any transform, for which it says where a group begins that has committed nothing.</summary>
    [Theory]
    [InlineData(AutoOffsetReset.Latest)]
    [InlineData(AutoOffsetReset.None)]
    public async Task Migrate_BeginsAtTheBeginning_WhateverItsOptionsSay(AutoOffsetReset reset)
    {
        var (from, to) = (await FilledAsync(), Topic.Primitive<string, string>(fixture.NewName()));

        await _client.MigrateAsync(
            from.Topic,
            to,
            record => new OutgoingRecord<string, string>(record.Key, record.Value),
            new MigrationOptions { Transform = new TransformOptions { Reading = new ConsumerOptions { AutoOffsetReset = reset } } }).WaitAsync(Limit);

        await using var consumer = await _client.CreateConsumerAsync(to, fixture.NewName());
        (await consumer.TakeAsync(Records)).Count.ShouldBe(Records);
    }

    [Fact]
    public async Task Migrate_EndsThoughATransactionWasAborted_WhenAnEmptyPartitionHadToldItsEnd()
    {
        var (from, to) = (await NotesTopic.CreateAsync(fixture, Partitions), Topic.Primitive<string, string>(fixture.NewName()));
        await from.FillAsync(Records); // all of them in the first partition
        var mapped = 0;

        await _client.MigrateAsync(
            from.Topic,
            to,
            record => ++mapped == Records
                ? throw new TransactionAbortedException("TEST", "once")
                : new OutgoingRecord<string, string>(record.Key, record.Value),
            new MigrationOptions { Transform = new TransformOptions { MaxRecords = 10 * Records } }).WaitAsync(Limit);

        await using var consumer = await _client.CreateConsumerAsync(to, fixture.NewName());
        (await consumer.TakeAsync(Records)).Select(record => record.Value).ShouldBe(Enumerable.Range(0, Records).Select(n => $"{n}"));
    }

    private Task TransformAsync(NotesTopic from, NotesTopic to, string group, string id, CancellationToken stop) =>
        Task.Run(() => _client.TransformAsync(
            from.Topic,
            to.Topic,
            group,
            id,
            record => new OutgoingRecord<string, string>(record.Key, record.Value + "!"),
            new TransformOptions
            {
                MaxRecords = 20,
                Reading = new ConsumerOptions { ConfigureTransport = settings => settings["heartbeat.interval.ms"] = "100" },
            },
            stop), stop);

    private async Task ShouldHoldEachOnceAsync(NotesTopic to)
    {
        await using var consumer = await to.ConsumeAsync(fixture.NewName());
        (await consumer.TakeAsync(Records)).Select(record => record.Value).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, Records).Select(n => $"{n}!").Order(StringComparer.Ordinal));
    }

    private async Task<NotesTopic> FilledAsync()
    {
        var topic = await NotesTopic.CreateAsync(fixture, Partitions);
        await topic.FillAsync(Records, Partitions, keys: 7);
        return topic;
    }
}

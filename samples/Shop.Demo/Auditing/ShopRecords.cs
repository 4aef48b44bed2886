using SchemaStream.Avro;
using SchemaStream.Json;
using SchemaStream.Protobuf;
using SchemaStream.Registry.Client;
using Shop.Contracts;

namespace Shop.Demo.Auditing;

/// <summary>Everything that the shop's topics hold.</summary>
internal sealed record ShopRecords(
    IReadOnlyList<(string IdempotencyKey, OrderPlaced Order)> Orders,
    IReadOnlyList<PaymentDecided> Payments,
    IReadOnlyList<StockLevel> Stock,
    IReadOnlyList<CustomerNotified> Notifications,
    int Retries,
    IReadOnlyList<PaymentDecided> DeadLetters,
    IReadOnlyList<Visit> Visits,
    IReadOnlyList<VisitsPerMinute> Counts)
{
    private const string KeyHeader = "idempotency-key";

    private static readonly string DeadLetterTopic = Topics.Payments.Name + ".dlt";
    private static readonly string[] RetryTopics = [.. Enumerable.Range(1, 2).Select(n => $"{Topics.Payments.Name}.notifications.retry.{n}")];

    public static async Task<ShopRecords> ReadAsync(ShopAddresses shop, CancellationToken cancellationToken)
    {
        var raw = await Task.Run(
            () => CommittedTopics.Read(
                shop.Kafka,
                [
                    Topics.Orders.Name, Topics.Payments.Name, Topics.Stock.Name, Topics.Notifications.Name, Topics.Visits.Name,
                    Topics.VisitsPerMinute.Name, DeadLetterTopic, .. RetryTopics,
                ]),
            cancellationToken);
        using var registry = new RegistryClient(shop.Registry);
        var avro = new AvroSerializerProvider();
        var json = new JsonSerializerProvider();
        var payments = new ValueReader<PaymentDecided>(registry, new ProtobufSerializerProvider());

        var orders = await new ValueReader<OrderPlaced>(registry, avro).ReadAsync(raw[Topics.Orders.Name], cancellationToken);
        return new ShopRecords(
            [.. raw[Topics.Orders.Name].Select(record => record.Headers.GetValueOrDefault(KeyHeader) ?? "").Zip(orders)],
            await payments.ReadAsync(raw[Topics.Payments.Name], cancellationToken),
            await new ValueReader<StockLevel>(registry, avro).ReadAsync(LatestPerKey(raw[Topics.Stock.Name]), cancellationToken),
            await new ValueReader<CustomerNotified>(registry, avro).ReadAsync(raw[Topics.Notifications.Name], cancellationToken),
            RetryTopics.Sum(topic => raw[topic].Count()),
            await payments.ReadAsync(raw[DeadLetterTopic], cancellationToken),
            await new ValueReader<Visit>(registry, json).ReadAsync(raw[Topics.Visits.Name], cancellationToken),
            await new ValueReader<VisitsPerMinute>(registry, json).ReadAsync(LatestPerKey(raw[Topics.VisitsPerMinute.Name]), cancellationToken));
    }

    /// <summary>What a compacted topic means.</summary>
    private static IEnumerable<RawRecord> LatestPerKey(IEnumerable<RawRecord> records) =>
        records.GroupBy(record => record.Key).Select(key => key.MaxBy(record => record.Offset)!);
}

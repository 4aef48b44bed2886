using SchemaStream;

namespace Shop.Contracts;

/// <summary>The shop's topics: each carries these types and no others, whoever writes.</summary>
public static class Topics
{
    /// <summary>Orders by customer: what one customer orders stays in order.</summary>
    public static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("shop.orders");

    /// <summary>How far the outbox of an Orders.Api has been sent: its id, and the sequence number of the last row.</summary>
    public static readonly Topic<string, long> OutboxProgress = Topic.Primitive<string, long>("shop.orders.outbox");

    /// <summary>Payments by order.</summary>
    public static readonly Topic<string, PaymentDecided> Payments = Topic.Protobuf<string, PaymentDecided>("shop.payments");

    /// <summary>The stock of each product.</summary>
    public static readonly Topic<string, StockLevel> Stock = Topic.Avro<string, StockLevel>("shop.stock");

    /// <summary>Customers who were told about a payment, by order.</summary>
    public static readonly Topic<string, CustomerNotified> Notifications = Topic.Avro<string, CustomerNotified>("shop.notifications");

    /// <summary>Who looked at what, by product.</summary>
    public static readonly Topic<string, Visit> Visits = Topic.Json<string, Visit>("shop.visits");

    /// <summary>Visits per minute and product, by both.</summary>
    public static readonly Topic<string, VisitsPerMinute> VisitsPerMinute = Topic.Json<string, VisitsPerMinute>("shop.visits.per-minute");

    /// <summary>A topic of events: three partitions, the brokers' own number of replicas.</summary>
    public static TopicSpecification Events { get; } = new() { PartitionCount = 3 };

    /// <summary>A topic of the latest state per key: what is older is cleaned away.</summary>
    public static TopicSpecification LatestPerKey { get; } = new()
    {
        PartitionCount = 1,
        Settings = new Dictionary<string, string> { ["cleanup.policy"] = "compact" },
    };
}

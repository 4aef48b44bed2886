using SchemaStream;
using SchemaStream.Avro;

namespace Quickstart;

/// <summary>An event. Its schema and its Avro code are made of this record when it is compiled; nothing else describes it.</summary>
[SchemaStreamContract]
public sealed partial record OrderPlaced(
    Guid OrderId, string Customer, [AvroDecimal(18, 2)] decimal Amount, DateTimeOffset PlacedAt, string? Coupon = null);

/// <summary>Another event, which has no business on the topic of orders.</summary>
public sealed record PaymentReceived(Guid PaymentId, decimal Amount);

/// <summary>The team's topics, shared as code.</summary>
public static class Topics
{
    /// <summary>Orders, keyed by customer: what a customer orders stays in order.</summary>
    public static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("orders");

    /// <summary>A mistake: the same topic with another type.</summary>
    public static readonly Topic<string, PaymentReceived> Mistaken = Topic.Avro<string, PaymentReceived>("orders");
}

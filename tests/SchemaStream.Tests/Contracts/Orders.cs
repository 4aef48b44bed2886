using SchemaStream.Avro;

namespace SchemaStream.Tests.Contracts;

/// <summary>An event, as its team has it today.</summary>
[AvroName("OrderPlaced", Namespace = "com.acme")]
public sealed record OrderPlaced(string OrderId, string Customer, long Cents);

/// <summary>The same event a release later: a field more, which old data does without.</summary>
[AvroName("OrderPlaced", Namespace = "com.acme")]
public sealed record OrderPlacedLater(string OrderId, string Customer, long Cents, string? Coupon = null);

/// <summary>The same event as someone broke it: old data lacks the new field.</summary>
[AvroName("OrderPlaced", Namespace = "com.acme")]
public sealed record OrderPlacedBroken(string OrderId, string Customer, long Cents, int Priority);

/// <summary>Another event.</summary>
[AvroName("PaymentReceived", Namespace = "com.acme")]
public sealed record PaymentReceived(string PaymentId, long Cents);

/// <summary>The topic, and what it must not become.</summary>
public static class Orders
{
    public static readonly Topic<string, OrderPlaced> Topic = SchemaStream.Topic.Avro<string, OrderPlaced>("orders");

    public static readonly Topic<string, OrderPlacedLater> Later = SchemaStream.Topic.Avro<string, OrderPlacedLater>("orders");

    public static readonly Topic<string, OrderPlacedBroken> Broken = SchemaStream.Topic.Avro<string, OrderPlacedBroken>("orders");

    public static readonly Topic<string, PaymentReceived> OtherType = SchemaStream.Topic.Avro<string, PaymentReceived>("orders");

    public static readonly Topic<Guid, OrderPlaced> OtherKey = SchemaStream.Topic.Avro<Guid, OrderPlaced>("orders");

    public static readonly Topic<string, string> OtherFormat = SchemaStream.Topic.Primitive<string, string>("orders");

    public static OrderPlaced Order(int number) => new($"order-{number}", $"customer-{number % 7}", number * 100);
}

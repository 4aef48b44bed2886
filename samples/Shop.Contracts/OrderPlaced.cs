using SchemaStream;
using SchemaStream.Avro;

namespace Shop.Contracts;

/// <summary>A customer has ordered. Sent once for each order that the shop has accepted.</summary>
[SchemaStreamContract]
public sealed partial record OrderPlaced(
    Guid OrderId,
    string Customer,
    IReadOnlyList<OrderLine> Lines,
    [AvroDecimal(18, 2)] decimal Total,
    DateTimeOffset PlacedAt);

/// <summary>One product of an order.</summary>
[SchemaStreamContract]
public sealed partial record OrderLine(string Sku, int Quantity, [AvroDecimal(18, 2)] decimal UnitPrice);

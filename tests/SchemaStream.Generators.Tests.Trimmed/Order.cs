using System.Collections.Immutable;
using SchemaStream.Avro;

namespace SchemaStream.Generators.Tests.Trimmed;

[SchemaStreamContract]
public sealed partial record Order(
    Guid Id,
    ImmutableArray<Line> Lines,
    [AvroDefault("{}")] ImmutableDictionary<string, string> Notes,
    Payment Payment,
    DateOnly? Due);

public sealed record Line(string Sku, byte Count, [AvroDecimal(10, 2)] decimal Price = 9.5m);

[AvroUnion(typeof(Card), typeof(Cash))]
public abstract record Payment;

public sealed record Card(string Number) : Payment;

public sealed record Cash(decimal Paid) : Payment;

public sealed record Unmarked(int Value);

using System.ComponentModel;
using System.Text.Json.Serialization;

namespace SchemaStream.Json.Tests.Types;

public enum Status
{
    Placed,
    Paid,
    Shipped,
}

[Description("What one customer bought.")]
public sealed record Purchase(
    Guid Id,
    [property: Description("In the order in which they were picked.")] IReadOnlyList<Line> Lines,
    Status Status,
    Address Shipping,
    Address? Billing,
    Dictionary<string, decimal> Fees,
    DateTimeOffset PlacedAt,
    DateOnly? DueOn,
    TimeSpan Took,
    byte[] Signature,
    string? Note,
    int? Points,
    Uri? Link,
    Purchase? Replaces = null);

public sealed record Line(string Sku, int Quantity, double Weight, Status? Was);

public sealed record Address(string Street, string City);

/// <summary>A tree: a type within itself, in a list.</summary>
public sealed record Category(string Name, List<Category> Children);

/// <summary>A type within itself, by itself and in lists.</summary>
public sealed record Chore(string Name, Chore? Next, List<Chore>? Others, Dictionary<string, List<Chore>> Groups);

/// <summary>A type that has one within itself.</summary>
public sealed record Plan(Chore First, List<Chore> All, List<Chore>? More);

/// <summary>Items that may be null, and such that may not.</summary>
public sealed record Gaps(List<string?> Names, string[] Never, Address?[] Homes, Dictionary<string, string?> Words, List<string?>? Again);

public sealed record Page<T>(IReadOnlyList<T> Items, int Total);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Circle), "circle")]
[JsonDerivedType(typeof(Square), "square")]
public abstract record Figure(string Colour);

public sealed record Circle(string Colour, double Radius) : Figure(Colour);

public sealed record Square(string Colour, double Side) : Figure(Colour);

public sealed record Drawing(List<Figure> Figures);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Line))]
public sealed partial class LinesContext : JsonSerializerContext;

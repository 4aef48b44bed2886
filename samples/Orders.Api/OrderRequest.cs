using Shop.Contracts;

namespace Orders.Api;

/// <summary>The body of <c>POST /orders</c>.</summary>
internal sealed record OrderRequest(string? Customer, IReadOnlyList<LineRequest?>? Lines)
{
    private const int LongestCustomer = 100;
    private const int MostLines = 50;

    /// <summary>Null when it can be accepted.</summary>
    public string? WhatIsWrong() => this switch
    {
        { Customer: null or "" or { Length: > LongestCustomer } } => $"customer: expected 1 to {LongestCustomer} characters",
        { Lines: null or { Count: 0 or > MostLines } } => $"lines: expected 1 to {MostLines}",
        _ => Lines.Select(line => line is null ? "lines: expected objects, found null" : line.WhatIsWrong()).FirstOrDefault(wrong => wrong is not null),
    };

    /// <summary>The order that was asked for, at today's prices.</summary>
    public OrderPlaced ToOrder(Guid id, DateTimeOffset now)
    {
        OrderLine[] lines = [.. Lines!.Select(line => new OrderLine(line!.Sku!, line.Quantity, Products.Find(line.Sku!)!.Price))];
        return new OrderPlaced(id, Customer!, lines, lines.Sum(line => line.Quantity * line.UnitPrice), now);
    }
}

/// <summary>One product of an order.</summary>
internal sealed record LineRequest(string? Sku, int Quantity)
{
    private const int Most = 100;

    public string? WhatIsWrong() => this switch
    {
        { Sku: null } => "sku: expected one of /products",
        _ when Products.Find(Sku) is null => $"sku: expected one of /products, found '{Sku}'",
        { Quantity: < 1 or > Most } => $"quantity: expected 1 to {Most}, found {Quantity}",
        _ => null,
    };
}

using Shop.Contracts;

namespace Orders.Api;

/// <summary>Orders over HTTP.</summary>
internal static class OrderEndpoints
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 100;

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        app.MapPost("/orders", Place);
        app.MapGet("/orders/{id:guid}", (Guid id, OrderStore store) =>
            store.Find(id) is { } order ? Results.Ok(order) : Results.NotFound());
    }

    /// <summary>
    /// Once this has answered the order will be on the topic. The same key gives the same answer again; with another order it is
    /// an error of the client's.
    /// </summary>
    private static IResult Place(OrderRequest request, HttpRequest http, OrderStore store, TimeProvider timeProvider)
    {
        var key = http.Headers[KeyHeader].ToString();
        if (key.Length is 0 or > LongestKey)
        {
            return Results.Problem($"{KeyHeader}: expected 1 to {LongestKey} characters", statusCode: StatusCodes.Status400BadRequest);
        }

        if (request.WhatIsWrong() is { } wrong)
        {
            return Results.Problem(wrong, statusCode: StatusCodes.Status400BadRequest);
        }

        var order = request.ToOrder(Guid.NewGuid(), timeProvider.GetUtcNow());
        var accepted = store.Accept(key, order);
        return accepted.IsSameRequestAs(order)
            ? Results.Accepted($"/orders/{accepted.OrderId}", new OrderAccepted(accepted.OrderId, accepted.Total))
            : Results.Problem($"{KeyHeader}: '{key}' was used for another order", statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    private static bool IsSameRequestAs(this OrderPlaced accepted, OrderPlaced asked) =>
        accepted.Customer == asked.Customer
        && accepted.Lines.Select(Asked).SequenceEqual(asked.Lines.Select(Asked)); // prices may have changed since

    private static (string Sku, int Quantity) Asked(OrderLine line) => (line.Sku, line.Quantity);
}

/// <summary>The answer to an order.</summary>
internal sealed record OrderAccepted(Guid OrderId, decimal Total);

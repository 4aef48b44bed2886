using SchemaStream;
using Shop.Contracts;

namespace Orders.Api;

/// <summary>What is sold. Looking at a product is an event.</summary>
internal static class ProductEndpoints
{
    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/products", () => Products.All);
        app.MapGet("/products/{sku}", ShowAsync);
    }

    private static async Task<IResult> ShowAsync(
        string sku, ITopicProducer<string, Visit> visits, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (Products.Find(sku) is not { } product)
        {
            return Results.NotFound();
        }

        // Waits for room in the queue at most, not for the brokers.
        await visits.EnqueueAsync(
            sku, new Visit(Guid.NewGuid(), sku, "web", timeProvider.GetUtcNow()), cancellationToken: cancellationToken);
        return Results.Ok(product);
    }
}

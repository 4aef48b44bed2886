namespace Shop.Contracts;

/// <summary>Something the shop sells.</summary>
public sealed record Product(string Sku, string Name, decimal Price);

/// <summary>What the shop sells.</summary>
public static class Products
{
    /// <summary>How much of each product there is on the first day.</summary>
    public const int InitialStock = 1000;

    public static IReadOnlyList<Product> All { get; } =
    [
        new("sku-1", "Espresso cup", 7.50m),
        new("sku-2", "Tea pot", 24.00m),
        new("sku-3", "Coffee, 1 kg", 18.90m),
        new("sku-4", "Filter papers", 3.20m),
        new("sku-5", "Hand grinder", 59.00m),
        new("sku-6", "Milk jug", 14.75m),
    ];

    /// <summary>Null for a product that there is not.</summary>
    public static Product? Find(string sku) => All.FirstOrDefault(product => product.Sku == sku);
}

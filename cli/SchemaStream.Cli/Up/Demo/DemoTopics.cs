using System.Globalization;

namespace SchemaStream.Cli.Up.Demo;

/// <summary>A small shop: orders, what was paid for them, what is in stock, and who looked at which page.</summary>
internal static class DemoTopics
{
    private const int Orders = 30;
    private const int Views = 60;

    private const string OrderSchema =
        """
        {"type": "record", "name": "Order", "namespace": "shop", "doc": "What a customer ordered.", "fields": [
          {"name": "id", "type": "string"},
          {"name": "customer", "type": "string"},
          {"name": "placedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "status", "type": {"type": "enum", "name": "OrderStatus", "symbols": ["PLACED", "PAID", "SHIPPED"], "default": "PLACED"}},
          {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
          {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "OrderLine", "fields": [
            {"name": "sku", "type": "string"},
            {"name": "quantity", "type": "int"},
            {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}}]}}},
          {"name": "note", "type": ["null", "string"], "default": null}
        ]}
        """;

    private const string PaymentSchema =
        """
        syntax = "proto3";
        package shop;

        enum PaymentMethod {
          PAYMENT_METHOD_UNSPECIFIED = 0;
          CARD = 1;
          TRANSFER = 2;
        }

        // What was paid for an order.
        message Payment {
          string order_id = 1;
          int64 cents = 2;
          string currency = 3;
          PaymentMethod method = 4;
        }
        """;

    private const string StockSchema =
        """
        {"type": "record", "name": "StockLevel", "namespace": "shop", "doc": "How much of an article is there now.", "fields": [
          {"name": "sku", "type": "string"},
          {"name": "title", "type": "string"},
          {"name": "units", "type": "int"}
        ]}
        """;

    private const string ViewSchema =
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "PageView",
          "type": "object",
          "properties": {
            "path": {"type": "string"},
            "visitor": {"type": "integer"},
            "millis": {"type": "integer", "minimum": 0},
            "referrer": {"type": ["string", "null"]}
          },
          "required": ["path", "visitor", "millis"],
          "additionalProperties": false
        }
        """;

    private static readonly (string Sku, string Title, int Cents)[] Articles =
    [
        ("cup-blue", "Cup, blue", 1250), ("cup-red", "Cup, red", 1250), ("plate", "Plate", 1890), ("bowl", "Bowl", 1490),
        ("teapot", "Teapot", 4900), ("spoon", "Spoon", 450),
    ];

    private static readonly string[] Customers = ["ada", "grace", "edsger", "barbara", "donald"];

    private static readonly string[] Paths = ["/", "/cups", "/plates", "/teapots", "/checkout"];

    /// <summary>The topics with their records, the same each time but for the times.</summary>
    public static IReadOnlyList<DemoTopic> Make(DateTimeOffset now)
    {
        var random = new Random(20261123);
        var orders = new List<(string?, string)>();
        var payments = new List<(string?, string)>();
        var units = Articles.ToDictionary(article => article.Sku, _ => 100, StringComparer.Ordinal);
        var stock = Articles.Select(article => Stock(article.Sku, article.Title, 100)).ToList();
        for (var i = 0; i < Orders; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"order-{i + 1:D4}");
            var customer = Customers[random.Next(Customers.Length)];
            var lines = random.GetItems(Articles, random.Next(1, 4)).DistinctBy(article => article.Sku)
                .Select(article => (Article: article, Quantity: random.Next(1, 5))).ToList();
            var cents = lines.Sum(line => line.Article.Cents * line.Quantity);
            orders.Add((customer, Order(id, customer, now.AddMinutes(i - Orders), cents, lines, i % 7 == 0 ? "\"a gift\"" : "null")));
            payments.Add((id, string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"orderId": "{{id}}", "cents": "{{cents}}", "currency": "EUR", "method": "{{(i % 3 == 0 ? "TRANSFER" : "CARD")}}"}""")));
            foreach (var (article, quantity) in lines)
            {
                units[article.Sku] -= quantity;
                stock.Add(Stock(article.Sku, article.Title, units[article.Sku]));
            }
        }

        var views = Enumerable.Range(0, Views).Select(i => ((string?)null, string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"path": "{{Paths[random.Next(Paths.Length)]}}", "visitor": {{9_007_199_254_740_993 + random.Next(20)}}, "millis": {{random.Next(20, 900)}}, "referrer": {{(i % 4 == 0 ? "\"/\"" : "null")}}}""")));
        return
        [
            new("orders", 3, Nothing, true, SchemaFormat.Avro, "shop.Order", OrderSchema, orders),
            new("payments", 3, Nothing, true, SchemaFormat.Protobuf, "shop.Payment", PaymentSchema, payments),
            new("stock", 1, new Dictionary<string, string> { ["cleanup.policy"] = "compact" }, true, SchemaFormat.Avro, "shop.StockLevel", StockSchema, stock),
            new("page-views", 2, Nothing, false, SchemaFormat.Json, "PageView", ViewSchema, [.. views]),
        ];
    }

    private static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>();

    private static string Order(
        string id, string customer, DateTimeOffset placedAt, int cents, List<((string Sku, string Title, int Cents) Article, int Quantity)> lines, string note)
    {
        var each = lines.Select(line => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"sku": "{{line.Article.Sku}}", "quantity": {{line.Quantity}}, "price": "{{Money(line.Article.Cents)}}"}"""));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id": "{{id}}", "customer": "{{customer}}", "placedAt": "{{placedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}}", "status": "PLACED", "total": "{{Money(cents)}}", "lines": [{{string.Join(", ", each)}}], "note": {{note}}}""");
    }

    private static (string?, string) Stock(string sku, string title, int units) =>
        (sku, string.Create(CultureInfo.InvariantCulture, $$"""{"sku": "{{sku}}", "title": "{{title}}", "units": {{units}}}"""));

    private static string Money(int cents) => string.Create(CultureInfo.InvariantCulture, $"{cents / 100}.{cents % 100:D2}");
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Shop.Contracts;

namespace Shop.Demo.Driving;

/// <summary>An order that the API has accepted.</summary>
internal sealed record AcceptedOrder(Guid OrderId, string Customer, decimal Total);

/// <summary>
/// Customers of the shop. They ask until they have an answer, always with the same key, whether their request was lost,
/// its answer, or the API itself.
/// </summary>
internal sealed class ShopClient : IDisposable
{
    private const int Customers = 200;
    private const int AskedAgain = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, AcceptedOrder> _accepted = new(StringComparer.Ordinal);
    private long _repeated;
    private long _failed;

    public ShopClient(Uri api) => _http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The orders that were accepted, by their idempotency keys.</summary>
    public IReadOnlyDictionary<string, AcceptedOrder> Accepted => _accepted;

    /// <summary>Requests that were made again with the same key.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>Requests that got no answer.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Returns when the API says that it is ready.</summary>
    public async Task WaitUntilReadyAsync(Action stillRuns, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Limit)
        {
            stillRuns();
            try
            {
                using var answer = await _http.GetAsync("health/ready", cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        throw new DemoFailedException($"the API was not ready in {Limit.TotalSeconds} s");
    }

    /// <summary>Looks at a product, and orders one; now and then asks twice, as one does whose answer was lost.</summary>
    public async Task ShopOnceAsync(int number, CancellationToken cancellationToken)
    {
        var customer = $"customer-{number % Customers}";
        var lines = Enumerable.Range(0, 1 + (number % 3))
            .Select(line => Products.All[(number + line) % Products.All.Count])
            .Select((product, line) => new { sku = product.Sku, quantity = 1 + ((number + line) % 4) })
            .ToArray();
        await LookAsync(lines[0].sku, cancellationToken);

        var key = Guid.NewGuid().ToString();
        var body = new { customer, lines };
        var order = await OrderAsync(key, body, cancellationToken);
        _accepted[key] = new AcceptedOrder(order.OrderId, customer, order.Total);
        if (number % AskedAgain == 0)
        {
            Interlocked.Increment(ref _repeated);
            var again = await OrderAsync(key, body, cancellationToken);
            if (again.OrderId != order.OrderId)
            {
                throw new DemoFailedException($"the same key gave two orders: {order.OrderId} and {again.OrderId}");
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task LookAsync(string sku, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync($"products/{sku}", cancellationToken);
        }
        catch (Exception failure) when (IsLost(failure, cancellationToken))
        {
            Interlocked.Increment(ref _failed);
        }
    }

    private async Task<OrderAnswer> OrderAsync(string key, object body, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            if (attempt > 0)
            {
                Interlocked.Increment(ref _repeated);
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, "orders") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            try
            {
                using var answer = await _http.SendAsync(request, cancellationToken);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    return (await answer.Content.ReadFromJsonAsync<OrderAnswer>(cancellationToken))!;
                }

                if ((int)answer.StatusCode < 500)
                {
                    throw new DemoFailedException(
                        $"an order was refused with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
                }
            }
            catch (Exception failure) when (IsLost(failure, cancellationToken) && TimeProvider.System.GetElapsedTime(began) < Limit)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }

    private static bool IsLost(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or IOException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested); // the request's own limit

    private sealed record OrderAnswer(Guid OrderId, decimal Total);
}

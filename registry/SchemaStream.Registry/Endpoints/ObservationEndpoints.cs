using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Observation;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/health</c> and <c>/metrics</c>: what orchestrators and Prometheus ask.</summary>
internal sealed class ObservationEndpoints(RegistryWriter registry, RegistryMetrics? metrics)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/health/live", context => AnswerAsync(context, isWell: true));
        routes.Get("/health/ready", context => AnswerAsync(context, registry.IsServing));
        if (metrics is not null)
        {
            routes.Get("/metrics", context => Reply.OwnAsync(context, MetricsText.ContentType, MetricsText.Write(metrics)))
                .ExcludeFromDescription(); // a page of Prometheus's, not of this API
        }
    }

    private Task AnswerAsync(HttpContext context, bool isWell) => Reply.BytesAsync(
        context,
        isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
        Reply.Render(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", isWell ? "UP" : "DOWN");
            writer.WriteBoolean("leader", registry.IsLeader);
            writer.WriteEndObject();
        }));
}

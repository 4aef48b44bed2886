using System.Reflection;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.OpenApi;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/openapi</c>: the API's description of itself, and a page to try it. Both are made when first asked for.</summary>
internal sealed class OpenApiEndpoints
{
    private const string PageResource = "SchemaStream.Registry.OpenApi.page.html";

    private readonly Lazy<byte[]> _page = new(ReadPage);
    private Lazy<byte[]>? _document;

    public void Map(IEndpointRouteBuilder routes)
    {
        // Whatever is mapped later is in it as well.
        _document = new Lazy<byte[]>(() => ApiDocument.Render(
            routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>(), ServerEndpoints.Version));
        routes.Get("/openapi/v1.json", context => Reply.OwnAsync(context, "application/json", _document.Value));
        routes.Get("/openapi", context =>
        {
            // The page needs nothing from elsewhere, and may have nothing from elsewhere.
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";
            return Reply.OwnAsync(context, "text/html; charset=utf-8", _page.Value);
        });
    }

    private static byte[] ReadPage()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(PageResource)
            ?? throw new InvalidOperationException($"The assembly holds no {PageResource}.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

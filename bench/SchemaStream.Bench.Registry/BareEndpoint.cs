using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace SchemaStream.Bench.Registry;

/// <summary>As little as Kestrel can do to answer with given bytes: no routing, no middleware, no logging.</summary>
internal static class BareEndpoint
{
    public static async Task ServeAsync(byte[] body, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var web = builder.Build();
        web.Run(context =>
        {
            context.Response.ContentType = "application/vnd.schemaregistry.v1+json";
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body, 0, body.Length);
        });
        await web.StartAsync(cancellation);
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine($"ready registry={address}");
        await Console.In.ReadToEndAsync(cancellation);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SchemaStream.Registry.Endpoints;

/// <summary>Maps plain request delegates: no reflection, so the registry starts at once.</summary>
internal static class Endpoint
{
    public static IEndpointConventionBuilder Get(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapGet(pattern, handler);

    public static IEndpointConventionBuilder Post(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapPost(pattern, handler);

    public static IEndpointConventionBuilder Put(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapPut(pattern, handler);

    public static IEndpointConventionBuilder Delete(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapDelete(pattern, handler);
}

using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Orders.Api;
using SchemaStream.Hosting;
using Shop.Contracts;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory, // appsettings.json lies beside the program, wherever it is started from
});
builder.Services.AddSingleton(_ => new OrderStore(builder.Configuration["Orders:Database"] ?? "orders.db"));
builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
    .AddTopic(Topics.Orders, Topics.Events)
    .AddTopic(Topics.OutboxProgress, Topics.LatestPerKey)
    .AddTopic(Topics.Visits, Topics.Events)
    .AddProducer(Topics.Visits)
    .AddHealthChecks(tags: "ready");
builder.Services.AddHostedService<OutboxRelay>();

var app = builder.Build();
app.MapOrders();
app.MapProducts();
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }); // the process answers
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
return await app.RunToExitCodeAsync();

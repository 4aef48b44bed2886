using Inventory.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting;
using Shop.Contracts;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory, // appsettings.json lies beside the program, wherever it is started from
});
builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
    .AddTopic(Topics.Orders, Topics.Events)
    .AddTopic(Topics.Stock, Topics.LatestPerKey);
builder.Services.AddHostedService<StockKeeper>();
return await builder.Build().RunToExitCodeAsync();

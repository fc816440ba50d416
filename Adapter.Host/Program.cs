using Adapter.Host.Cli;

return await Commands.RunAsync(args);

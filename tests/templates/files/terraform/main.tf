# The tables of the shop.
data "aws_region" "current" {}

locals {
  prefix = "${var.project}-${terraform.workspace}"
  tables = {
    counters = "id"
    locks    = "LockID"
  }
  index_attributes = ["customerId", "placedAt"]
}

resource "aws_dynamodb_table" "orders" {
  name         = format("%s-orders", local.prefix)
  billing_mode = var.provisioned ? "PROVISIONED" : "PAY_PER_REQUEST"
  hash_key     = "orderId"
  range_key    = "line"

  attribute {
    name = "orderId"
    type = "S"
  }
  attribute {
    name = "line"
    type = "N"
  }
  dynamic "attribute" {
    for_each = toset(local.index_attributes)
    content {
      name = attribute.value
      type = attribute.value == "placedAt" ? "N" : "S"
    }
  }

  global_secondary_index {
    name               = "byCustomer"
    hash_key           = "customerId"
    range_key          = "placedAt"
    projection_type    = "INCLUDE"
    non_key_attributes = ["total"]
  }
  local_secondary_index {
    name            = "byPlacing"
    range_key       = "placedAt"
    projection_type = "ALL"
  }

  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

  ttl {
    attribute_name = "expiresAt"
    enabled        = true
  }
  point_in_time_recovery {
    enabled = true
  }
  server_side_encryption {
    enabled = true
  }

  tags = merge(var.tags, { Name = upper("orders"), Region = data.aws_region.current.name })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_dynamodb_table" "small" {
  for_each = local.tables

  name           = "${local.prefix}-${each.key}"
  hash_key       = each.value
  read_capacity  = 2 * 2
  write_capacity = length(keys(local.tables))

  attribute {
    name = each.value
    type = "S"
  }
}

resource "aws_dynamodb_table_item" "first" {
  table_name = aws_dynamodb_table.small["counters"].name
  hash_key   = aws_dynamodb_table.small["counters"].hash_key

  item = <<-ITEM
    {
      "id": {"S": "${local.prefix}"},
      "value": {"N": "1"},
      "text": {"S": "$${kept}"}
    }
  ITEM
}

resource "aws_dynamodb_table_item" "more" {
  count      = 2
  table_name = aws_dynamodb_table.orders.name
  hash_key   = aws_dynamodb_table.orders.hash_key
  item       = jsonencode({ orderId = { S = "o-1" }, line = { N = tostring(count.index) } })
}

resource "aws_lambda_function" "unrelated" {
  function_name = module.unknown.name
}

project = "shop"
tags = {
  team = "shop"
}
